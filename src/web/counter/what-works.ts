/** What of the counter works just now, and what of it does not. Pure; a person decides what to do about it. */
import type { RecordStatus, TerminalStatus } from '../../live.ts';
import { METHOD_NAMES, METHODS, type Offer } from '../../terminal/offer.ts';
import { formatDayAndTime } from '../shared/format.ts';
import type { SignKind } from '../shared/payment-words.ts';
import type { LiveState } from './live.ts';

export interface Working {
  nameJa: string;
  sign: SignKind;
  word: string;
}

const TERMINALS: Record<TerminalStatus['state'], readonly [SignKind, string]> = {
  connecting: ['run', '端末につないでいます'],
  ready: ['ok', '使えます'],
  busy: ['run', '支払い中。終わると使えます'],
  locked: ['ask', '前の支払いを確かめています。終わると使えます'],
  disconnected: ['no', '端末とつながっていません'],
  lost: ['no', '端末を紛失・交換中として外しています'],
};
/** The state that serves a resident best comes first. */
const BEST_FIRST: readonly TerminalStatus['state'][] = [
  'ready',
  'busy',
  'locked',
  'connecting',
  'disconnected',
  'lost',
];

const RECORDS: Record<RecordStatus['state'], readonly [SignKind, string]> = {
  synced: ['ok', '市の記録に届いています'],
  behind: ['run', '送っています。会計は続けられます'],
  offline: ['stop', 'あとで1回だけ送ります。会計は続けられます'],
  stopped: ['no', '会計を止めています。管理者に連絡してください'],
};

/** What the counter can do now and what not, one line each; cash always. */
export function whatWorks(live: LiveState, offers: readonly Offer[]): Working[] {
  const cash: Working = { nameJa: '現金', sign: 'ok', word: 'お受けできます' };
  if (live.connection !== 'live') {
    return [
      cash,
      {
        nameJa: 'キャッシュレス',
        sign: 'no',
        word: '窓口のサービスとつながっていません。支払いの記録は失われません。自動でつなぎ直しています',
      },
    ];
  }
  return [
    cash,
    ...METHODS.flatMap((method) => {
      const able = offers.filter(({ brands }) => brands[method].length > 0).map(({ id }) => id);
      const states = live.terminals.filter(({ id }) => able.includes(id)).map(({ state }) => state);
      const best = BEST_FIRST.find((state) => states.includes(state));
      if (best === undefined) return [];
      const [sign, word] = isStopped(live) ? STOPPED : TERMINALS[best];
      return [{ nameJa: METHOD_NAMES[method], sign, word }];
    }),
    { nameJa: 'サインイン・料金表', sign: 'ok', word: 'このパソコンの控えで使えます' },
    ...(live.record === null ? [] : [recordOf(live.record)]),
    ...(live.record?.state === 'offline'
      ? [
          {
            nameJa: '会計課の画面・突合',
            sign: 'stop' as const,
            word: 'つながってから行います。窓口の会計には要りません',
          },
        ]
      : []),
  ];
}

const STOPPED: readonly [SignKind, string] = ['no', '会計を止めています。画面の上の説明をご覧ください'];

/** No cashless sale may be taken at all. */
export const isStopped = ({ record, clock }: LiveState): boolean =>
  record?.state === 'stopped' || clock !== null;

function recordOf({ state, pending, since }: RecordStatus): Working {
  const [sign, word] = RECORDS[state];
  const from = since === null ? '' : `${formatDayAndTime(since)}からつながっていません。`;
  const count = state === 'offline' && pending !== null ? `（未送信 ${String(pending)}件）` : '';
  return { nameJa: '市の記録', sign, word: from + word + count };
}
