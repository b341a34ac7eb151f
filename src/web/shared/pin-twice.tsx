/** A new PIN, typed twice: nobody sees what is typed. */
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';

export const PINS_DIFFER = '暗証番号が2回とも同じではありません。入れ直してください。';

/** The fields `pin` and `again`. */
export function PinTwice({ label, isRequired }: { label: string; isRequired: boolean }) {
  return (
    <div className="number-and-pin">
      {(
        [
          ['pin', label, '6文字以上（文字もまぜられます）。職員番号を含まず、並び数字でないもの'],
          ['again', `${label.split('（')[0] ?? ''}（もう一度）`, ''],
        ] as const
      ).map(([name, text, help]) => (
        <TextField key={name} name={name} type="password" isRequired={isRequired} autoComplete="new-password">
          <Label>{text}</Label>
          <Input />
          {help !== '' && <Text slot="description">{help}</Text>}
          <FieldError>{text}を入れてください。</FieldError>
        </TextField>
      ))}
    </div>
  );
}
