/** The office's screen: the reconciliation of the morning, the payments of a day, what residents say, the staff. */
import type { ReactNode } from 'react';
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import type { Role } from '../../staff/staff.ts';
import { BookBanner } from '../shared/book-banner.tsx';
import { formatEraDate, formatTime, tokyoDate } from '../shared/format.ts';
import { SignIn } from '../shared/sign-in.tsx';
import { useNow } from '../shared/use-now.ts';
import { Account, useOfficeLock } from './account.tsx';
import { Fault } from './fault.tsx';
import { FeesPage } from './fees-page.tsx';
import { OutsideRefundsPage } from './outside-refunds-page.tsx';
import { PaymentsPage } from './payments-page.tsx';
import { ReconciliationPage } from './reconciliation-page.tsx';
import { addressOf, usePlace } from './place.ts';
import { readBrands, readSession, type OfficeSession } from './service.ts';
import { ReportsPage } from './reports-page.tsx';
import { SharePage } from './share-page.tsx';
import { StaffPage } from './staff-page.tsx';
import { StatementsPage } from './statements-page.tsx';
import { SurveyPage } from './survey-page.tsx';
import { TicketsPage } from './tickets-page.tsx';
import { useAnswer } from './use-answer.ts';

/** What the pages work from. */
interface Given {
  today: string;
  newestDay: string;
  person: OfficeSession['person'];
  brandNames: ReadonlyMap<string, string>;
}

const OFFICE: readonly Role[] = ['accounting', 'treasurer', 'administrator'];

/** In the order of the tabs; the service decides for itself who may read what. */
const PAGES: readonly {
  id: string;
  nameJa: string;
  roles: readonly Role[];
  show: (given: Given) => ReactNode;
}[] = [
  {
    id: 'reconciliation',
    nameJa: '突合',
    roles: OFFICE,
    show: (given) => <ReconciliationPage {...given} />,
  },
  { id: 'statements', nameJa: '明細', roles: OFFICE, show: (given) => <StatementsPage {...given} /> },
  { id: 'payments', nameJa: '支払い', roles: OFFICE, show: (given) => <PaymentsPage {...given} /> },
  { id: 'tickets', nameJa: '会計票', roles: OFFICE, show: ({ today }) => <TicketsPage today={today} /> },
  { id: 'fees', nameJa: '料金表', roles: OFFICE, show: (given) => <FeesPage {...given} /> },
  {
    id: 'outside',
    nameJa: '返金',
    roles: OFFICE,
    show: (given) => <OutsideRefundsPage {...given} />,
  },
  { id: 'reports', nameJa: '帳票', roles: OFFICE, show: (given) => <ReportsPage {...given} /> },
  { id: 'share', nameJa: '比率', roles: OFFICE, show: (given) => <SharePage {...given} /> },
  { id: 'survey', nameJa: 'アンケート', roles: OFFICE, show: () => <SurveyPage /> },
  { id: 'staff', nameJa: '職員', roles: ['administrator'], show: () => <StaffPage /> },
];

export function Office() {
  const session = useAnswer('session', readSession);
  useOfficeLock(session.signedOut ? undefined : session.value?.book, session.askAgain);
  if (session.signedOut) return <SignIn onSignedIn={session.askAgain} onClose={undefined} />;
  if (session.value === null) {
    return (
      <main className="page">
        <h1>会計課</h1>
        <p>{session.fault ?? '開いています'}</p>
      </main>
    );
  }
  return <SignedIn session={session.value} fault={session.fault} onSignedOut={session.askAgain} />;
}

function SignedIn(props: { session: OfficeSession; fault: string | null; onSignedOut: () => void }) {
  const { book, demo, municipalityName, person, today, newestDay } = props.session;
  const brands = useAnswer('brands', readBrands);
  const now = useNow(10_000);
  const { page } = usePlace();
  const brandNames = new Map((brands.value ?? []).map(({ code, nameJa }) => [code, nameJa]));
  const pages = PAGES.filter(({ roles }) => person.roles.some((role) => roles.includes(role)));
  return (
    <Tabs
      className="office"
      key={person.number}
      selectedKey={pages.find(({ id }) => id === page)?.id ?? pages[0]?.id ?? ''}
      onSelectionChange={(key) => location.assign(addressOf(String(key)))}
    >
      <header className="top">
        <BookBanner book={book} demo={demo} />
        <div className="office-bar">
          <h1>{municipalityName}　会計課</h1>
          <time>
            {formatEraDate(tokyoDate(now))} {formatTime(now)}
          </time>
          <Account name={person.name} onSignedOut={props.onSignedOut} />
          <TabList className="office-tabs" aria-label="画面">
            {pages.map(({ id, nameJa }) => (
              <Tab key={id} id={id} className="tab">
                {nameJa}
              </Tab>
            ))}
          </TabList>
        </div>
      </header>
      <main className="page">
        <Fault message={props.fault} />
        {pages.length === 0 && (
          <p className="tell">
            <b>この画面は、会計課・出納員・管理者のものです。</b>
            右上の名前から、暗証番号を変えることとサインアウトができます。
          </p>
        )}
        {pages.map(({ id, show }) => (
          <TabPanel key={id} id={id}>
            {show({ today, newestDay, person, brandNames })}
          </TabPanel>
        ))}
      </main>
    </Tabs>
  );
}
