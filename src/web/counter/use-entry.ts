/** Entering what a slip says: the focus goes from one field to the next that is missing, and Enter is enough. */
import { useEffect, useRef, useState, type RefObject, type SyntheticEvent } from 'react';
import { firstFault, type DraftAction, type InputName } from './draft.ts';
import type { Question } from './use-question.ts';

export interface EntryForm {
  form: RefObject<HTMLFormElement | null>;
  submit: (event: SyntheticEvent) => void;
  change: (action: DraftAction) => void;
  /** What is wrong, and with which input; null until somebody tried to pass it. */
  told: { input: InputName; fault: string } | null;
}

export function useEntry(question: Question): EntryForm {
  const form = useRef<HTMLFormElement>(null);
  const leads = useRef(false);
  const [tried, setTried] = useState<InputName | null>(null);
  const fault = firstFault(question.open.prompt, question.draft);
  useEffect(() => focusOn(form.current?.querySelector('input, .choices button')), []);
  useEffect(() => {
    if (!leads.current) return;
    leads.current = false;
    focusOn(inputOf(form.current, fault?.input));
  });
  return {
    form,
    submit(event) {
      event.preventDefault();
      if (fault === null) {
        question.send();
        return;
      }
      // Enter leads from field to field; what is wrong is told where it was typed.
      const target = inputOf(form.current, fault.input);
      const active = document.activeElement;
      if (active === target || active?.matches('[type="submit"]') === true) setTried(fault.input);
      focusOn(target);
    },
    change(action) {
      leads.current =
        action.type === 'scanned' || (action.type === 'typed' && isChoice(question, action.input));
      question.change(action);
    },
    told: fault !== null && tried !== null && nameOf(tried) === nameOf(fault.input) ? fault : null,
  };
}

export const nameOf = ({ field, again }: InputName): string => (again ? `${field} again` : field);

const isChoice = ({ open, draft }: Question, { field }: InputName): boolean =>
  open.prompt.outcomes
    .find(({ code }) => code === draft.outcome)
    ?.fields.some(({ code, kind }) => code === field && kind === 'choice') === true;

/** Nothing is missing: the button that records. */
function inputOf(form: HTMLFormElement | null, input: InputName | undefined): Element | null | undefined {
  if (input === undefined) return form?.querySelector('[type="submit"]');
  const typed = `input[name="${CSS.escape(nameOf(input))}"]`;
  return form?.querySelector(`${typed}, [data-field="${CSS.escape(input.field)}"] button`);
}

function focusOn(target: Element | null | undefined): void {
  if (target instanceof HTMLElement) target.focus();
}
