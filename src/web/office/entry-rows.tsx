/** What every row of a table of entries ends with: whether it is in use today, and what may be done with it. */
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { Sign } from '../shared/sign.tsx';

export function InUse({ isInUse }: { isInUse: boolean }) {
  return (
    <span className="tag" data-kind={isInUse ? 'ok' : 'stop'}>
      <Sign kind={isInUse ? 'ok' : 'stop'} size="small" />
      {isInUse ? '使えます' : '使えません'}
    </span>
  );
}

/** `onChange` undefined: this person only reads. */
export function RowActs(props: {
  nameJa: string;
  onChange: (() => void) | undefined;
  onShow: () => void;
  /** What else may be done with this one. */
  children?: ReactNode;
}) {
  const { nameJa, onChange } = props;
  return (
    <div className="row-acts">
      {onChange !== undefined && (
        <Button className="button" aria-label={`変更 ${nameJa}`} onPress={onChange}>
          変更
        </Button>
      )}
      <Button className="button" aria-label={`履歴 ${nameJa}`} onPress={props.onShow}>
        履歴
      </Button>
      {props.children}
    </div>
  );
}
