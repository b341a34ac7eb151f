/** The end of a dialog's form: what was refused, the way back, and the act. */
import { Button } from 'react-aria-components';

export function FormEnd(props: {
  /** Null: nothing was refused. */
  message: string | null;
  busy: boolean;
  submit: string;
  onClose: () => void;
}) {
  return (
    <>
      <p className="form-error" role="alert">
        {props.message}
      </p>
      <div className="dialog-actions">
        <Button className="button" onPress={props.onClose} isDisabled={props.busy}>
          やめる
        </Button>
        <Button className="button primary" type="submit" isDisabled={props.busy}>
          {props.submit}
        </Button>
      </div>
    </>
  );
}
