/** The draft: revisions that nobody has published. What they change, and publishing all of them by two people. */
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { differenceOf, type Difference } from '../../fees/describe.ts';
import { revise, type DraftRevision, type MaintainedItem } from '../../fees/revision.ts';
import { SecondPerson } from '../shared/second-person.tsx';
import { recall, remember } from '../shared/storage.ts';
import { Differences } from './differences.tsx';
import { CONFIRMERS } from './fee-words.ts';
import { reviseFees } from './service.ts';

export interface Draft {
  revisions: readonly DraftRevision[];
  add: (revision: DraftRevision) => void;
  /** All of one item. */
  drop: (code: string) => void;
  clear: () => void;
}

const KEY = 'office fee draft';

/** Kept in this browser: a reload, or coming back tomorrow, finds it. */
export function useDraft(): Draft {
  const [revisions, setRevisions] = useState(kept);
  const keep = (next: readonly DraftRevision[]): void => {
    remember(KEY, next.length === 0 ? undefined : next);
    setRevisions(next);
  };
  return {
    revisions,
    add: (added) => {
      const isReplaced = ({ code, revision }: DraftRevision): boolean =>
        code === added.code && revision.from === added.revision.from;
      keep([...revisions.filter((each) => !isReplaced(each)), added]);
    },
    drop: (code) => keep(revisions.filter((each) => each.code !== code)),
    clear: () => keep([]),
  };
}

function kept(): readonly DraftRevision[] {
  const known = recall(KEY);
  return Array.isArray(known) ? (known as DraftRevision[]) : [];
}

/** The item as the draft would have it. */
export const drafted = <Item extends Parameters<typeof revise>[0]>(
  item: Item,
  revisions: readonly DraftRevision[],
): Item =>
  revisions
    .filter(({ code }) => code === item.code)
    .reduce((known, { revision }) => ({ ...known, ...revise(known, revision) }), item);

export function FeeDraft(props: {
  draft: Draft;
  items: readonly MaintainedItem[];
  today: string;
  onPublished: () => void;
}) {
  const { draft, today } = props;
  const [confirming, setConfirming] = useState(false);
  if (draft.revisions.length === 0) return null;
  const inDraft = props.items.filter(({ code }) => draft.revisions.some((each) => each.code === code));
  const differences = inDraft.map((item): Difference =>
    differenceOf('item', item, drafted(item, draft.revisions), today),
  );
  return (
    <section className="fee-draft" aria-label="下書き">
      <h3 className="section-title">下書き　{differences.length}件</h3>
      <p>まだ公開していません。「試しの計算」で、いまの料金とくらべられます。</p>
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
