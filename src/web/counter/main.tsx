import '../shared/base.css';
import '../shared/controls.css';
import '../shared/overlay.css';
import './afterwards.css';
import '../shared/entry.css';
import '../shared/sticker-search.css';
import './board.css';
import './today.css';
import './counter.css';
import './bars.css';
import './closing.css';
import './desk.css';
import './question.css';
import './sale.css';
import './basket.css';
import './methods.css';
import './state.css';
import './narrow.css';
import './low.css';
import './support.css';
import '../daycare/daycare.css';
import '../tablets/tablets.css';
import '../turns/turns.css';
import { I18nProvider } from 'react-aria-components';
import { Counter } from './counter.tsx';
import { Opening } from './opening.tsx';
import { mount } from '../shared/mount.ts';
import { SignIn } from '../shared/sign-in.tsx';
import { useReference } from './use-reference.ts';

function App() {
  const { reference, status, closedBecause, reload } = useReference();
  return (
    <I18nProvider locale="ja-JP">
      {reference === null ? (
        <Opening unreachable={status === 'unreachable'} closedBecause={closedBecause} />
      ) : (
        <Counter reference={reference} signedOut={status === 'signed_out'} reload={reload} />
      )}
      {reference === null && status === 'signed_out' && <SignIn onSignedIn={reload} onClose={undefined} />}
    </I18nProvider>
  );
}

mount(<App />);
