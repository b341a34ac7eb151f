/** What a slip says, field by field: chosen, typed, typed twice, or read off its barcode. */
import { useState } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { PromptField } from '../../terminal/prompt.ts';
import { fieldsOf, isScan, isScanned, type InputName } from './draft.ts';
import { nameOf } from './use-entry.ts';
import type { Question } from './use-question.ts';

interface FieldProps {
  question: Question;
  /** Whoever has chosen or scanned is led on to what is still missing. */
  change: Question['change'];
  /** What is wrong, and with which input. */
  told: { input: InputName; fault: string } | null;
}

export function Fields(props: FieldProps) {
  const { question } = props;
  const { prompt } = question.open;
  const fields = fieldsOf(prompt, question.draft);
  const canScan = prompt.scanPattern !== undefined && fields.some((field) => field.kind === 'digits');
  return (
    <>
      {canScan && <ScanField {...props} />}
      {fields.map((field) =>
        field.kind === 'choice' ? (
          <ChoiceField key={field.code} {...props} field={field} />
        ) : (
          <TypedField key={field.code} {...props} field={field} />
        ),
      )}
    </>
  );
}

/** For a scanner that types; one that has typed into another field is understood there too. */
function ScanField({ question, change }: FieldProps) {
  const { prompt } = question.open;
  const [text, setText] = useState('');
  const [isStrange, setStrange] = useState(false);
  return (
    <div className="field" data-wide>
      <label>
        伝票のコードを読み取る<span className="field-aside">（なければ下に入力）</span>
        <input
          type="tel"
          name="scan"
          autoComplete="off"
          value={text}
          aria-invalid={isStrange}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || text === '') return;
            event.preventDefault();
            setStrange(!isScan(prompt, text));
            change({ type: 'scanned', text });
            setText('');
          }}
        />
      </label>
      {isStrange && (
        <p className="field-note" data-wrong role="alert">
          この端末の伝票ではありません。番号を入力してください。
        </p>
      )}
    </div>
  );
}

function ChoiceField(props: FieldProps & { field: Extract<PromptField, { kind: 'choice' }> }) {
  const { question, field } = props;
  const input = { field: field.code, again: false };
  const chosen = question.draft.values[field.code];
  return (
    <div className="field" data-wide data-field={field.code}>
      <span className="field-name">{field.nameJa}</span>
      <ToggleButtonGroup
        className="question-choices"
        aria-label={field.nameJa}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={chosen === undefined ? [] : [chosen]}
        onSelectionChange={([key]) => props.change({ type: 'typed', input, text: String(key) })}
      >
        {field.choices.map(({ code, nameJa }) => (
          <ToggleButton key={code} id={code} className="brand">
            {nameJa}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <FaultOf {...props} />
    </div>
  );
}

function TypedField(props: FieldProps & { field: Exclude<PromptField, { kind: 'choice' }> }) {
  const { question, field } = props;
  const { draft, open } = question;
  const scanned = isScanned(open.prompt, draft, field);
  return (
    <div className="field">
      <TypedInput {...props} again={false} />
      {field.isTwice && !scanned && <TypedInput {...props} again />}
      {scanned && <p className="field-note">読み取りました</p>}
      <FaultOf {...props} />
    </div>
  );
}

const UNITS: Record<Exclude<PromptField['kind'], 'choice'>, string> = { yen: '円', count: '件', digits: '' };

function TypedInput(props: FieldProps & { field: Exclude<PromptField, { kind: 'choice' }>; again: boolean }) {
  const { question, field, again, told, change } = props;
  const { draft, open } = question;
  const input = { field: field.code, again };
  const unit = UNITS[field.kind];
  return (
    <label>
      {again ? 'もう一度' : field.nameJa}
      {unit !== '' && `（${unit}）`}
      {again && <span className="unseen">{field.nameJa}</span>}
      <input
        // No input method: a scanner's keys and digits arrive as they are.
        type="tel"
        name={nameOf(input)}
        autoComplete="off"
        value={(again ? draft.again : draft.values)[field.code] ?? ''}
        aria-invalid={told?.input.field === field.code && told.input.again === again}
        onChange={({ target }) => change({ type: 'typed', input, text: target.value })}
        // Typed twice means by hand.
        onPaste={(event) => again && event.preventDefault()}
        onKeyDown={(event) => {
          const { value } = event.currentTarget;
          if (event.key !== 'Enter' || !isScan(open.prompt, value)) return;
          event.preventDefault();
          change({ type: 'scanned', text: value });
        }}
      />
    </label>
  );
}

function FaultOf({ field, told }: FieldProps & { field: PromptField }) {
  if (told?.input.field !== field.code) return null;
  return (
    <p className="field-note" data-wrong role="alert">
      {told.fault}
    </p>
  );
}
