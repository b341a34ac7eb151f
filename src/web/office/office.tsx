/** Accounting's screen: the reconciliation of the morning, the payments of a day, what residents say. */
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components';
import { BookBanner } from '../shared/book-banner.tsx';
import { formatEraDate, formatTime, tokyoDate } from '../shared/format.ts';
import { SignIn } from '../shared/sign-in.tsx';
import { useNow } from '../shared/use-now.ts';
import { Fault } from './fault.tsx';
import { PaymentsPage } from './payments-page.tsx';
import { ReconciliationPage } from './reconciliation-page.tsx';
import { readBrands, readSession } from './service.ts';
import { SurveyPage } from './survey-page.tsx';
import { useAnswer } from './use-answer.ts';

export function Office() {
  const session = useAnswer('session', readSession);
  const brands = useAnswer(session.value === null ? 'before' : 'brands', readBrands);
  const now = useNow(10_000);
  if (session.signedOut) return <SignIn onSignedIn={session.askAgain} onClose={undefined} />;
  if (session.value === null) {
    return (
      <main className="page">
        <h1>会計課</h1>
        <p>{session.fault ?? '開いています'}</p>
      </main>
    );
  }
  const { book, municipalityName, person, today } = session.value;
  const brandNames = new Map((brands.value ?? []).map(({ code, nameJa }) => [code, nameJa]));
  return (
    <Tabs className="office">
      <header className="top">
        <BookBanner book={book} />
        <div className="office-bar">
          <h1>{municipalityName}　会計課</h1>
          <TabList className="office-tabs" aria-label="画面">
            <Tab id="reconciliation">突合</Tab>
            <Tab id="payments">支払い</Tab>
            <Tab id="survey">アンケート</Tab>
          </TabList>
          <span>{person.name}</span>
          <time>
            {formatEraDate(tokyoDate(now))} {formatTime(now)}
          </time>
        </div>
      </header>
      <main className="page">
        <Fault message={session.fault} />
        <TabPanel id="reconciliation">
          <ReconciliationPage brandNames={brandNames} />
        </TabPanel>
        <TabPanel id="payments">
          <PaymentsPage today={today} brandNames={brandNames} />
        </TabPanel>
        <TabPanel id="survey">
          <SurveyPage />
        </TabPanel>
      </main>
    </Tabs>
  );
}
