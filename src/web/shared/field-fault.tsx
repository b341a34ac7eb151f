/** Under a field: what is wrong with it, in our words. The browser's own come in the language of the computer. */
import { FieldError } from 'react-aria-components';

export function FieldFault() {
  return (
    <FieldError>
      {({ validationDetails: { customError, valueMissing }, validationErrors }) => {
        if (customError) return validationErrors.join(' ');
        return valueMissing ? '入れてください。' : '入れ直してください。';
      }}
    </FieldError>
  );
}
