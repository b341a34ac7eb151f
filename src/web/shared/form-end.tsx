/** The end of a dialog's form: what was refused, the way back, and the act. It stays in sight however long the form is. */
import { Button } from 'react-aria-components';

export function FormEnd(props: {
  /** Null: nothing was refused. */
  message: string | null;
  busy: boolean;
  submit: string;
  /** Undefined: there is no way back. */
  onClose: (() => void) | undefined;
}) {
  return (
    <div className="form-end">
      <p className="form-error" role="alert">
        {props.message}
      </p>
      <div className="dialog-actions">
        {props.onClose !== undefined && (
          <Button className="button" onPress={props.onClose} isDisabled={props.busy}>
            やめる
          </Button>
        )}
        <Button className="button primary" type="submit" isDisabled={props.busy}>
          {props.submit}
        </Button>
      </div>
    </div>
  );
}
