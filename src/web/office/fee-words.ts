/** Who may confirm what somebody else changes in the fee table; the service decides. */
export const CONFIRMERS = ['accounting', 'treasurer', 'administrator'] as const;
