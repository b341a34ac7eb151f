/** 領収証兼提供証明書, where something of a child's care was paid. */
import { Link } from 'react-aria-components';
import type { PricedLine } from '../../fees/pricing.ts';

export function CertificateLink({ id, lines }: { id: string; lines: readonly PricedLine[] }) {
  if (lines.every(({ provides, amountYen }) => provides === undefined || amountYen === 0)) return null;
  return (
    <Link
      className="button certificate-link"
      href={`/api/daycare/certificates/${encodeURIComponent(id)}`}
      target="_blank"
    >
      領収証兼提供証明書（入力して印刷）
    </Link>
  );
}
