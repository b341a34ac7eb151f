/** How it is paid: the method, and the brand where it must or may be named before the terminal is asked. */
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { Method } from '../../terminal/terminal.ts';
import { METHOD_NAMES, METHODS } from '../../terminal/offer.ts';
import { KeyCap } from '../shared/key-cap.tsx';
import type { BrandChoice } from './brand-choices.ts';
import { BRAND_KEYS, METHOD_KEYS } from './keys.ts';
import type { MethodState } from './readiness.ts';

export function MethodButtons(props: {
  method: Method | null;
  states: Record<Method, MethodState>;
  onMethod: (method: Method) => void;
}) {
  return (
    <ToggleButtonGroup
      className="methods"
      aria-label="支払い方法"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={props.method === null ? [] : [props.method]}
      onSelectionChange={([key]) => {
        const method = METHODS.find((candidate) => candidate === key);
        if (method !== undefined) props.onMethod(method);
      }}
    >
      {METHODS.map((method, index) => (
        <ToggleButton
          key={method}
          id={method}
          className="method choice"
          isDisabled={!props.states[method].isTaken}
        >
          {METHOD_NAMES[method]}
          {props.states[method].note === null ? (
            <KeyCap>{METHOD_KEYS[index] ?? ''}</KeyCap>
          ) : (
            <span>{props.states[method].note}</span>
          )}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

/** Between the lines and the total, so that what stands below never moves. */
export function BrandButtons(props: {
  method: Method;
  choices: readonly BrandChoice[];
  brand: string | null;
  onBrand: (brand: string | null) => void;
}) {
  const { method, choices, brand } = props;
  const chosen = choices.findIndex((choice) => choice.code === brand);
  return (
    <div className="brands">
      <ToggleButtonGroup
        className="brand-grid"
        aria-label={`${METHOD_NAMES[method]}の種類`}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={chosen < 0 ? [] : [chosen]}
        onSelectionChange={([key]) => {
          const choice = choices[Number(key)];
          if (choice !== undefined) props.onBrand(choice.code);
        }}
      >
        {choices.map((choice, index) => (
          <ToggleButton
            key={choice.nameJa}
            id={index}
            className="brand choice"
            isDisabled={choice.closed !== null}
          >
            <span>{choice.nameJa}</span>
            {choice.closed === null ? (
              <KeyCap>{BRAND_KEYS[index] ?? ''}</KeyCap>
            ) : (
              <span>{choice.closed}</span>
            )}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}
