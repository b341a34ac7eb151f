/** The draft: revisions that nobody has published. What they change, and publishing all of them by two people. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { differenceOf, type Difference } from '../../fees/describe.ts';
import { revise, type DraftRevision, type FeeDraft, type MaintainedItem } from '../../fees/revision.ts';
import { refusalTo } from '../shared/api.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { Differences } from './differences.tsx';
import { Fault } from './fault.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { readFeeDraft, reviseFees, saveFeeDraft } from './service.ts';
import { useAnswer } from './use-answer.ts';

export interface Draft {
  revisions: readonly DraftRevision[];
  /** Who has changed it last; null: nobody yet. */
  changedBy: string | null;
  /** Why the last change was not kept; null: it was. */
  fault: string | null;
  /** Resolves to why it was not kept; null: it was. */
  add: (revision: DraftRevision) => Promise<string | null>;
  /** All of one item. */
  drop: (code: string) => void;
  clear: () => void;
}

const NO_ANSWER = '下書きを残せませんでした。サービスの答えがありません。もう一度してください。';

/** Kept with the office, for whoever changes fees, on whatever computer. */
export function useDraft(): Draft {
  const known = useAnswer('fee draft', readFeeDraft);
  const [fault, setFault] = useState<string | null>(null);
  // What was answered to a change is newer than what was read before it.
  const [saved, setSaved] = useState<FeeDraft | null>(null);
  const { version, revisions, changedBy } = newerOf(known.value, saved) ?? NONE;
  async function keep(next: readonly DraftRevision[]): Promise<string | null> {
    const refused = await refusalTo(async () => {
      const answer = await saveFeeDraft(version, next);
      if (answer.ok) setSaved(answer.value);
      return answer;
    }, NO_ANSWER);
    setFault(refused);
    if (refused !== null) known.askAgain();
    return refused;
  }
  return {
    revisions,
    changedBy,
    fault: fault ?? known.fault,
    add: (added) =>
      keep([...revisions.filter((each) => !isReplacedBy(each, added.code, added.revision)), added]),
    drop: (code) => void keep(revisions.filter((each) => each.code !== code)),
    clear: () => void keep([]),
  };
}

const NONE: FeeDraft = { version: 0, revisions: [], changedBy: null, at: null };

const newerOf = (one: FeeDraft | null, other: FeeDraft | null): FeeDraft | null =>
  one !== null && (other === null || one.version >= other.version) ? one : other;

/** One of a day takes the place of what the draft has of that day. */
export const isReplacedBy = (
  each: DraftRevision,
  code: string,
  { from }: Pick<DraftRevision['revision'], 'from'>,
): boolean => each.code === code && each.revision.from === from;

/** The item as the draft would have it. */
export const drafted = <Item extends Parameters<typeof revise>[0]>(
  item: Item,
  revisions: readonly DraftRevision[],
): Item =>
  revisions
    .filter(({ code }) => code === item.code)
    .reduce((known, { revision }) => ({ ...known, ...revise(known, revision) }), item);

export function DraftedFees(props: {
  draft: Draft;
  items: readonly MaintainedItem[];
  today: string;
  onPublished: () => void;
}) {
  const { draft, today } = props;
  const [confirming, setConfirming] = useState(false);
  if (draft.revisions.length === 0) return <Fault message={draft.fault} />;
  const inDraft = props.items.filter(({ code }) => draft.revisions.some((each) => each.code === code));
  const differences = inDraft.map((item): Difference =>
    differenceOf('item', item, drafted(item, draft.revisions), today),
  );
  return (
    <section className="fee-draft" aria-label="下書き">
      <h3 className="section-title">下書き　{differences.length}件</h3>
      <Fault message={draft.fault} />
      <p>
        まだ公開していません{draft.changedBy !== null && `（最後に変えた人：${draft.changedBy}）`}
        。「試しの計算」で、いまの料金とくらべられます。
      </p>
      <Differences differences={differences} />
      <div className="dialog-actions">
        {differences.map(({ code, nameJa }) => (
          <Button key={code} className="quiet" onPress={() => draft.drop(code)}>
            {nameJa}を下書きから外す
          </Button>
        ))}
        <Button className="button" onPress={draft.clear}>
          下書きを捨てる
        </Button>
        <Button className="button primary" onPress={() => setConfirming(true)}>
          公開する（別の人の確認へ）
        </Button>
      </div>
      {confirming && (
        <SecondPerson
          what={`次の ${differences.length}件を公開します。それぞれの日の0時から、どの窓口でも新しい料金になります。`}
          roles={CONFIRMERS}
          // What was looked at is the difference from the table as it stands now.
          onConfirm={(second) => reviseFees(onTopOf(draft.revisions, inDraft), second)}
          onDone={() => {
            setConfirming(false);
            draft.clear();
            props.onPublished();
          }}
          onClose={() => setConfirming(false)}
        >
          <Differences differences={differences} />
        </SecondPerson>
      )}
    </section>
  );
}

const onTopOf = (revisions: readonly DraftRevision[], items: readonly MaintainedItem[]): DraftRevision[] =>
  revisions.map((each) => ({
    ...each,
    base: items.find(({ code }) => code === each.code)?.version ?? each.base,
  }));
