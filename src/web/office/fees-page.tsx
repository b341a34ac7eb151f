/** 料金表: the tables from which every counter prices, one tab each; whatever changes is published by two people. */
import { useState } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { FeeItem, FeeWindow } from '../../fees/catalogue.ts';
import type { FeeMaintenance, LookedFile } from '../../fees/revision.ts';
import { BasketPreview, type DraftedItems } from './basket-preview.tsx';
import { BrandsPage } from './brands-page.tsx';
import { GroundsPage, WindowsPage } from './entry-pages.tsx';
import { Fault } from './fault.tsx';
import { drafted, DraftedFees, useDraft, type Draft } from './fee-draft.tsx';
import { FeeSettingsForm } from './fee-settings.tsx';
import { mayChangeFees } from './fee-words.ts';
import { TableFile } from './file-import.tsx';
import { PriceTable } from './price-table.tsx';
import { readFees, readWindows, type OfficeSession } from './service.ts';
import { useAnswer } from './use-answer.ts';

const TABS = [
  ['prices', '料金'],
  ['preview', '試しの計算'],
  ['brands', 'ブランド'],
  ['grounds', '減免の理由'],
  ['windows', '窓口'],
  ['settings', '会計と決まり'],
] as const;

export function FeesPage({ today, person }: { today: string; person: OfficeSession['person'] }) {
  const fees = useAnswer(`fees ${today}`, () => readFees(today));
  const windows = useAnswer('windows', readWindows);
  const draft = useDraft();
  const [file, setFile] = useState<LookedFile | null>(null);
  const mayChange = mayChangeFees(person);
  const known = { today, mayChange };
  const tables = { fees: fees.value, windows: windows.value ?? [], onDone: fees.askAgain };
  return (
    <Tabs className="fees">
      <h2 className="lead">料金表</h2>
      <Fault message={fees.fault ?? windows.fault} />
      <TabList className="sub-tabs" aria-label="料金の表">
        {TABS.map(([id, nameJa]) => (
          <Tab key={id} id={id} className="tab">
            {nameJa}
          </Tab>
        ))}
      </TabList>
      <TabPanel id="prices">
        <PricesTab {...known} {...tables} draft={draft} onLooked={setFile} />
      </TabPanel>
      <TabPanel id="preview">
        {fees.value !== null && windows.value !== null && (
          <BasketPreview
            today={today}
            fees={fees.value}
            windows={windows.value}
            draft={draftOf(fees.value, draft, file)}
          />
        )}
      </TabPanel>
      <TabPanel id="brands">
        <BrandsPage {...known} />
      </TabPanel>
      <TabPanel id="grounds">
        <GroundsPage {...known} />
      </TabPanel>
      <TabPanel id="windows">
        <WindowsPage {...known} />
      </TabPanel>
      <TabPanel id="settings">
        {fees.value !== null && (
          <FeeSettingsForm
            key={fees.value.settings.version}
            fees={fees.value}
            mayChange={mayChange}
            onDone={fees.askAgain}
          />
        )}
      </TabPanel>
    </Tabs>
  );
}

function PricesTab(props: {
  today: string;
  mayChange: boolean;
  fees: FeeMaintenance | null;
  windows: readonly FeeWindow[];
  draft: Draft;
  onLooked: (file: LookedFile | null) => void;
  onDone: () => void;
}) {
  const { fees, draft, today, mayChange, onDone } = props;
  return (
    <>
      {fees !== null && <DraftedFees draft={draft} items={fees.items} today={today} onPublished={onDone} />}
      <PriceTable
        tableVersion={(fees?.items ?? []).map(({ version }) => version).join()}
        today={today}
        mayChange={mayChange}
        windows={props.windows}
        drafts={draft.revisions}
        onDraft={draft.add}
        onDone={onDone}
      />
      <TableFile
        kind="item"
        nameJa="料金表"
        mayChange={mayChange}
        onLooked={props.onLooked}
        onDone={onDone}
      />
    </>
  );
}

/** What is not published yet: the items of a file that was looked at, with the draft's revisions in them. */
function draftOf(fees: FeeMaintenance, draft: Draft, file: LookedFile | null): DraftedItems | null {
  const isChanged = file !== null && file.differences.length > 0;
  if (!isChanged && draft.revisions.length === 0) return null;
  const ofFile = isChanged ? file.items : [];
  const isIn = (some: readonly FeeItem[], { code }: FeeItem): boolean =>
    some.some((each) => each.code === code);
  const all: FeeItem[] = [...fees.items.filter((item) => !isIn(ofFile, item)), ...ofFile];
  return {
    nameJa: draft.revisions.length === 0 ? 'CSVの料金表' : isChanged ? 'CSVと下書き' : '下書き',
    items: all.map((item) => drafted(item, draft.revisions)),
  };
}
