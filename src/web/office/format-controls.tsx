/** Totals that the file states about itself: what is checked in every file that comes, so that a cut one is noticed. */
import { Button } from 'react-aria-components';
import { kindsOf, type Control, type LineKind } from '../../reconcile/statements/format.ts';
import { ColumnChoice } from './column-choice.tsx';
import type { Draft } from './format-draft.ts';
import type { DraftPart } from './format-shape.tsx';
import { CONTROL_WORDS, kindJa } from './format-words.ts';

export function FormatControls(props: DraftPart & { found: readonly Control[] }) {
  const { draft, found, onChange } = props;
  const { controls } = draft;
  const isPossible = draft.layout.kind === 'json' || (draft.records?.trailer.length ?? 0) > 0;
  const put = (changed: Control[]): void => onChange({ ...draft, controls: changed });
  return (
    <section className="format-part" aria-label="合計の照合">
      <h3 className="section-title">7　合計の照合</h3>
      {!isPossible && controls.length === 0 && (
        <p className="form-note">合計の行がないファイルです。件数や金額の合計は照合できません。</p>
      )}
      <ul className="format-controls">
        {controls.map((control, index) => (
          <li key={index}>
            <OneControl
              {...props}
              control={control}
              onControl={(changed) => put(controls.with(index, changed))}
              onRemove={() => put(controls.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ul>
      {(isPossible || controls.length > 0) && (
        <div className="format-add">
          {found.length > 0 && controls.length === 0 && (
            <Button className="button" onPress={() => put([...found])}>
              合計の行と合う {found.length}つを照合に加える
            </Button>
          )}
          <Button
            className="button"
            isDisabled={controls.length >= 12}
            onPress={() => put([...controls, { what: 'yen', from: '' }])}
          >
            照合を足す
          </Button>
        </div>
      )}
    </section>
  );
}

function OneControl(
  props: DraftPart & {
    control: Control;
    onControl: (control: Control) => void;
    onRemove: () => void;
  },
) {
  const { draft, control, onControl } = props;
  const { what, kind, from } = control;
  const of = kind === undefined ? 'すべて' : kindJa(kind);
  const label = `${of}の${CONTROL_WORDS[what]}の合計`;
  return (
    <>
      <select
        aria-label={`${label}：どの行`}
        value={kind ?? ''}
        onChange={({ target }) => onControl(ofKind(control, target.value as LineKind | ''))}
      >
        <option value="">すべての明細</option>
        {kindsOf(draft.book)
          .filter((each) => each !== 'ignore')
          .map((each) => (
            <option key={each} value={each}>
              {kindJa(each)}だけ
            </option>
          ))}
      </select>
      <select
        aria-label={`${label}：何の`}
        value={what}
        onChange={({ target }) => onControl({ ...control, what: target.value as Control['what'] })}
      >
        {Object.entries(CONTROL_WORDS).map(([code, words]) => (
          <option key={code} value={code}>
            {words}
          </option>
        ))}
      </select>
      <Place {...props} label={`${label}：場所`} from={from} />
      <Button className="button" aria-label={`${label}を外す`} onPress={props.onRemove}>
        外す
      </Button>
    </>
  );
}

const ofKind = ({ what, from }: Control, kind: LineKind | ''): Control =>
  kind === '' ? { what, from } : { what, from, kind };

function Place(
  props: DraftPart & { control: Control; label: string; from: string; onControl: (control: Control) => void },
) {
  const { draft, look, control, label, from } = props;
  const set = (place: string): void => props.onControl({ ...control, from: place });
  if (draft.layout.kind !== 'json')
    return (
      <ColumnChoice {...{ draft, look, label, value: from }} none="選んでください" ofLast onChange={set} />
    );
  return <OfWhole {...{ look, label, from }} onChange={set} />;
}

/** With JSON, totals stand beside the list of lines. */
function OfWhole(props: {
  look: DraftPart['look'];
  label: string;
  from: Draft['code'];
  onChange: (from: string) => void;
}) {
  const common = props.look?.common ?? [];
  return (
    <select
      aria-label={props.label}
      value={props.from}
      onChange={({ target }) => props.onChange(target.value)}
    >
      <option value="">選んでください</option>
      {props.from !== '' && !common.some(({ from }) => from === props.from) && (
        <option value={props.from}>{props.from}</option>
      )}
      {common.map(({ from, nameJa, value }) => (
        <option key={from} value={from}>
          {nameJa}：{value}
        </option>
      ))}
    </select>
  );
}
