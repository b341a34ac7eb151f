/** The same sale is still unknown: asked before it could be charged a second time. */
import { Button } from 'react-aria-components';
import { DialogFrame } from '../shared/dialog-frame.tsx';

export function AnotherResidentDialog(props: {
  message: string;
  /** What a lost result means for the brand of the unknown payment, where it is on this screen. */
  rule: string | undefined;
  onConfirm: () => void;
  /** To the unknown payment, where a card's balance can be read before anything is charged again. */
  onLook: () => void;
  onBack: () => void;
}) {
  return (
    <DialogFrame title="別のお客様ですか？" role="alertdialog" onClose={props.onBack}>
      <p>{props.message}</p>
      <p>
        <strong>同じお客様なら、もう一度支払いをしないでください。</strong>
        {props.rule ?? '前の支払いの代金が引かれている場合があります。'}
      </p>
      <div className="dialog-actions">
        <Button className="button" autoFocus onPress={props.onBack}>
          分からない（送らない）
        </Button>
        <Button className="button" onPress={props.onLook}>
          同じお客様です（前の支払いを確かめる）
        </Button>
        <Button className="button primary" onPress={props.onConfirm}>
          別のお客様です（支払う）
        </Button>
      </div>
    </DialogFrame>
  );
}
