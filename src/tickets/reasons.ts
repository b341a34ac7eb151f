/** Why a charge ticket will not be paid. Pure. */
export const CANCEL_REASONS = ['withdrawn', 'wrong', 'duplicate', 'other'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

export const CANCEL_REASON_NAMES: Readonly<Record<CancelReason, string>> = {
  withdrawn: 'お客様が申請をやめた',
  wrong: '会計票の内容が違う',
  duplicate: '会計票が二重に作られた',
  other: 'その他',
};
