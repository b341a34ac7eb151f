/** Signing in by 職員番号 and PIN. In a trial the sample people are a touch away. */
import { useEffect, useState } from 'react';
import { Button, FieldError, Form, Input, Label, TextField } from 'react-aria-components';
import { ROLE_NAMES, type SignInPage } from '../../staff/staff.ts';
import { call, refusalTo, Unreachable } from './api.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { FormEnd } from './form-end.tsx';
import { plainTextOf, STAFF_NUMBER, textOf } from './form.ts';
import { SetUp } from './set-up.tsx';

const NO_ANSWER = 'サービスが答えません。少し待って、もう一度押してください。';

const SET_UP_AT_OFFICE =
  '職員がまだ登録されていません。会計課の画面で管理者を登録し、職員を加えると、1分ほどでこの窓口でもサインインできます。この画面はそのとき自動で変わります。';

/** How often it is asked whether somebody has been registered. */
const ASK_AGAIN_MS = 10_000;

interface SignInProps {
  /** Whose PIN is asked for first; anybody else may sign in. */
  number?: string | undefined;
  onSignedIn: () => void;
  /** Undefined: there is nothing behind it that could be used without signing in. */
  onClose: (() => void) | undefined;
}

/** Over the whole screen: only where no payment is open or unknown. */
export function SignIn(props: SignInProps) {
  const page = useSignInPage();
  return (
    <DialogFrame
      title={page?.setUpAt === 'here' ? 'はじめの設定' : 'サインイン'}
      role="alertdialog"
      onClose={() => props.onClose?.()}
      isFixed={props.onClose === undefined}
    >
      <SignInForm {...props} page={page} />
    </DialogFrame>
  );
}

/** The fields and buttons alone. */
export function SignInForm(props: SignInProps & { page: SignInPage | null }) {
  const { page } = props;
  const { message, busy, signIn } = useSigningIn(props.onSignedIn);
  if (page?.setUpAt === 'here') return <SetUp onSetUp={props.onSignedIn} />;
  if (page?.setUpAt === 'office') return <p>{SET_UP_AT_OFFICE}</p>;
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        const fields = new FormData(event.currentTarget);
        signIn(plainTextOf(fields, 'number'), textOf(fields, 'pin'));
      }}
    >
      <div className="number-and-pin">
        <NumberAndPin number={props.number} />
      </div>
      <FormEnd message={message} busy={busy} submit="サインイン" onClose={props.onClose} />
      {page?.samplePin != null && (
        <Samples page={page} busy={busy} onChoose={(number) => signIn(number, page.samplePin ?? '')} />
      )}
    </Form>
  );
}

/** The two fields, as signing in and a second person's confirmation have them. */
export function NumberAndPin({ number }: { number?: string | undefined }) {
  return (
    <>
      <TextField
        name="number"
        isRequired
        autoFocus={number === undefined}
        autoComplete="off"
        pattern={STAFF_NUMBER}
        defaultValue={number ?? ''}
      >
        <Label>職員番号</Label>
        <Input inputMode="numeric" />
        <FieldError>職員番号を数字で入れてください。</FieldError>
      </TextField>
      <TextField
        name="pin"
        type="password"
        isRequired
        autoFocus={number !== undefined}
        autoComplete="current-password"
      >
        <Label>暗証番号</Label>
        <Input />
        <FieldError>暗証番号を入れてください。</FieldError>
      </TextField>
    </>
  );
}

function Samples(props: { page: SignInPage; busy: boolean; onChoose: (number: string) => void }) {
  return (
    <section className="samples" aria-label="見本の職員">
      <p>見本の職員（暗証番号はどれも {props.page.samplePin}）。押すとその人になります。</p>
      <ul>
        {props.page.samples.map(({ number, nameJa, roles }) => (
          <li key={number}>
            <Button className="button" isDisabled={props.busy} onPress={() => props.onChoose(number)}>
              <span>{nameJa}</span>
              <span className="sample-role">{roles.map((role) => ROLE_NAMES[role]).join('・')}</span>
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Null: not read yet; the form works without it. Asked again until there is somebody who can sign in here. */
export function useSignInPage(): SignInPage | null {
  const [page, setPage] = useState<SignInPage | null>(null);
  const isWaiting = page === null || page.setUpAt === 'office';
  useEffect(() => {
    if (!isWaiting) return undefined;
    let wanted = true;
    const ask = (): void => {
      void readPage().then((read) => {
        if (wanted && read !== null) setPage(read);
      });
    };
    ask();
    const timer = setInterval(ask, ASK_AGAIN_MS);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [isWaiting]);
  return page;
}

async function readPage(): Promise<SignInPage | null> {
  try {
    const answer = await call<SignInPage>('GET', '/api/sign-in');
    return answer.ok ? answer.value : null;
  } catch (error) {
    if (error instanceof Unreachable) return null;
    throw error;
  }
}

function useSigningIn(onSignedIn: () => void) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function run(number: string, pin: string): Promise<void> {
    setBusy(true);
    const refused = await refusalTo(() => call('POST', '/api/session', { number, pin }), NO_ANSWER);
    setBusy(false);
    setMessage(refused);
    if (refused === null) onSignedIn();
  }
  return { message, busy, signIn: (number: string, pin: string) => void run(number, pin) };
}
