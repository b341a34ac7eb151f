/** Whether money is played, practised or real. A journal is of one book, and stays of it for ever. */
export type Book = 'trial' | 'training' | 'live';
