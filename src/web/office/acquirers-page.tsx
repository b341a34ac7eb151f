/** 決済会社: who pays the city for which brands, when and for which fee; each change by two people, each version kept. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { settlesOn, type Acquirer } from '../../reconcile/books/acquirer.ts';
import type { AcquirerView, FormatView } from '../../reconcile/statements/view.ts';
import type { Role } from '../../staff/staff.ts';
import { DateEntry } from '../shared/date-entry.tsx';
import { formatDate } from '../shared/format.ts';
import { AcquirerForm } from './acquirer-form.tsx';
import { besidesJa, changesOf, cycleJa, dueJa, feeJa, payersJa, periodJa } from './acquirer-words.ts';
import { Changes } from './differences.tsx';
import { Fault } from './fault.tsx';
import { readAcquirerHistory, readStatements } from './service.ts';
import { useAnswer } from './use-answer.ts';
import { Versions, whoDeclared } from './versions.tsx';

const DECLARES: readonly Role[] = ['accounting', 'administrator'];

const NEW: Acquirer = {
  ...{ code: '', counter: '*', nameJa: '', brands: [], providerIdIn: 'none', payerNames: [] },
  cycle: { kind: 'monthly', closes: [31], payAfterMonths: 1, payDay: 31, shift: 'before' },
  statementAfterBusinessDays: 8,
  fee: { ratePpm: 32_400, brandRatesPpm: {}, rounding: 'floor', toleranceYen: 0 },
};

export function AcquirersPage(props: {
  person: { roles: readonly Role[] };
  today: string;
  brandNames: ReadonlyMap<string, string>;
}) {
  const { today, brandNames } = props;
  const { value, fault, askAgain } = useAnswer('statements', readStatements);
  const [on, setOn] = useState(today);
  const [editing, setEditing] = useState<{ base: AcquirerView | null } | null>(null);
  const [past, setPast] = useState<Acquirer | null>(null);
  const mayChange = props.person.roles.some((role) => DECLARES.includes(role));
  const acquirers = value?.acquirers ?? [];
  return (
    <section className="acquirers" aria-label="決済会社">
      <Fault message={fault} />
      <div className="page-head">
        <div className="form">
          <DateEntry label="この日の売上がいつ入るか" value={on} today={today} onChange={setOn} />
        </div>
        {mayChange && (
          <Button className="button" onPress={() => setEditing({ base: null })}>
            決済会社を加える
          </Button>
        )}
      </div>
      <ul className="acquirer-list">
        {acquirers.map((each) => (
          <AcquirerCard
            key={`${each.definition.counter} ${each.definition.code}`}
            {...{ acquirer: each, on, brandNames, mayChange }}
            all={acquirers.map(({ definition }) => definition)}
            formats={value?.formats ?? []}
            onEdit={() => setEditing({ base: each })}
            onPast={() => setPast(each.definition)}
          />
        ))}
      </ul>
      {editing !== null && (
        <AcquirerForm
          base={editing.base}
          first={editing.base?.definition ?? NEW}
          {...{ today, brandNames, acquirers }}
          onDone={() => {
            setEditing(null);
            askAgain();
          }}
          onClose={() => setEditing(null)}
        />
      )}
      {past !== null && <Past acquirer={past} brandNames={brandNames} onClose={() => setPast(null)} />}
    </section>
  );
}

function AcquirerCard(props: {
  acquirer: AcquirerView;
  all: readonly Acquirer[];
  formats: readonly FormatView[];
  on: string;
  brandNames: ReadonlyMap<string, string>;
  mayChange: boolean;
  onEdit: () => void;
  onPast: () => void;
}) {
  const { acquirer, on, brandNames } = props;
  const { definition, version } = acquirer;
  const formats = props.formats.filter((format) => format.definition.acquirer === definition.code);
  return (
    <li>
      <h2 className="section-title">
        {definition.nameJa} <small>第{version}版</small>
      </h2>
      <Settles acquirer={definition} all={props.all} {...{ on, brandNames }} />
      <dl>
        <dt>受け持つ期間</dt>
        <dd>{periodJa(definition)}</dd>
        <dt>締めと入金</dt>
        <dd>{cycleJa(definition)}</dd>
        <dt>手数料（税込み）</dt>
        <dd>{feeJa(definition, brandNames)}</dd>
        <dt>種類</dt>
        <dd>{definition.brands.map((brand) => brandNames.get(brand) ?? brand).join('、')}</dd>
        <dt>窓口</dt>
        <dd>{definition.counter === '*' ? 'すべて' : definition.counter}</dd>
        <dt>明細のフォーマット</dt>
        <dd>
          {formats.length === 0 ? 'まだありません' : formats.map((each) => each.definition.nameJa).join('、')}
        </dd>
        <dt>入金の名義</dt>
        <dd>{payersJa(definition) || '登録なし'}</dd>
      </dl>
      <div className="case-buttons">
        {props.mayChange && (
          <Button className="button" aria-label={`変える ${definition.nameJa}`} onPress={props.onEdit}>
            変える
          </Button>
        )}
        <Button className="button" aria-label={`履歴 ${definition.nameJa}`} onPress={props.onPast}>
          履歴
        </Button>
      </div>
    </li>
  );
}

/** What becomes of a day's sale, and who of several settles which. */
function Settles(props: {
  acquirer: Acquirer;
  all: readonly Acquirer[];
  on: string;
  brandNames: ReadonlyMap<string, string>;
}) {
  const { acquirer, all, on, brandNames } = props;
  return (
    <>
      {on !== '' && (
        <p className="acquirer-due">
          {settlesOn(acquirer, on)
            ? dueJa(acquirer, on)
            : `${formatDate(on)} の売上は受け持ちません（${periodJa(acquirer)}）`}
        </p>
      )}
      {besidesJa(acquirer, all, brandNames).map((besides) => (
        <p key={besides} className="form-note">
          {besides}
        </p>
      ))}
    </>
  );
}

function Past(props: { acquirer: Acquirer; brandNames: ReadonlyMap<string, string>; onClose: () => void }) {
  const { acquirer, brandNames } = props;
  const asked = useAnswer(`acquirer ${acquirer.counter} ${acquirer.code}`, () =>
    readAcquirerHistory(acquirer),
  );
  return (
    <Versions
      nameJa={acquirer.nameJa}
      asked={asked}
      who={whoDeclared}
      changes={(version, before) => (
        <Changes
          changes={changesOf(before?.definition ?? null, version.definition, brandNames)}
          isNew={before === undefined}
        />
      )}
      onClose={props.onClose}
    />
  );
}
