/** Choices of which several hold, or none. */
import type { ReactNode } from 'react';
import { CheckboxButton, CheckboxField, CheckboxGroup, FieldError, Label } from 'react-aria-components';

export function Checks(props: {
  label: string;
  isRequired?: boolean;
  choices: readonly (readonly [value: string, name: string])[];
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  return (
    <CheckboxGroup
      className="checks"
      isRequired={props.isRequired ?? false}
      value={[...props.chosen]}
      onChange={props.onChange}
    >
      <Label>{props.label}</Label>
      <div className="checks-row">
        {props.choices.map(([value, name]) => (
          <Check key={value} value={value}>
            {name}
          </Check>
        ))}
      </div>
      <FieldError>1つは選んでください。</FieldError>
    </CheckboxGroup>
  );
}

export function Check(props: {
  value?: string;
  isSelected?: boolean;
  onChange?: (isSelected: boolean) => void;
  children: ReactNode;
}) {
  const { children, ...checkbox } = props;
  return (
    <CheckboxField {...checkbox}>
      <CheckboxButton className="check">
        <svg className="check-box" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 12.5 10 17.5 19.5 7" />
        </svg>
        {children}
      </CheckboxButton>
    </CheckboxField>
  );
}
