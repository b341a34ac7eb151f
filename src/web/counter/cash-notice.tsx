/** 「現金のみ」, to be shown on the counter or printed. It needs no service: the outage may be the service's own. */
import { useState } from 'react';
import { Button, Dialog, Heading, Input, Label, Modal, ModalOverlay, TextField } from 'react-aria-components';
import { BookBanner } from '../shared/book-banner.tsx';
import type { Session } from './session.ts';

export function CashNotice(props: { session: Session; onClose: () => void }) {
  const { session, onClose } = props;
  const [note, setNote] = useState('');
  return (
    <ModalOverlay className="cash-overlay" isOpen onOpenChange={(open) => !open && onClose()}>
      <Modal>
        <Dialog className="cash-notice">
          <Heading slot="title" className="unseen">
            現金のみのお知らせ
          </Heading>
          <BookBanner book={session.book} demo={session.demo} />
          <CashWords placeJa={`${session.municipalityName} ${session.counterName}`} note={note} />
          <div className="cash-actions">
            <TextField className="field" value={note} onChange={setNote} maxLength={60}>
              <Label>書き添えること（例：ATMは1階の玄関わきにあります）</Label>
              <Input />
            </TextField>
            <Button className="button primary" onPress={() => window.print()}>
              印刷する
            </Button>
            <Button className="button" onPress={onClose} autoFocus>
              閉じる
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Japanese, easy Japanese, English. */
function CashWords({ placeJa, note }: { placeJa: string; note: string }) {
  return (
    <div className="cash-words">
      <p className="cash-place">{placeJa}</p>
      <p className="cash-large">現金のみ</p>
      <p>
        ただいま、カード・電子マネー・QRコードでのお支払いができません。
        <br />
        現金でのお支払いをお願いいたします。ご不便をおかけし、申し訳ありません。
      </p>
      <p className="cash-other">
        <b>やさしい日本語</b>
        <ruby>
          今<rt>いま</rt>
        </ruby>
        、カードや スマートフォンで お
        <ruby>
          金<rt>かね</rt>
        </ruby>
        を
        <ruby>
          払<rt>はら</rt>
        </ruby>
        うことが できません。お
        <ruby>
          札<rt>さつ</rt>
        </ruby>
        や コインで
        <ruby>
          払<rt>はら</rt>
        </ruby>
        ってください。ごめんなさい。
      </p>
      <p className="cash-other" lang="en">
        <b>Cash only</b>
        We cannot take cards, e-money or QR code payments at the moment. Please pay in cash. We are sorry for
        the inconvenience.
      </p>
      {note !== '' && <p className="cash-note">{note}</p>}
    </div>
  );
}
