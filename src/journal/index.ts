// Public surface of the journal.
export { DURABILITIES, Journal, type Durability, type JournalOptions } from './journal.js';
export { readJournal, type JournalEnd } from './journal-reader.js';
export { RecordState } from './record-state.js';
export type { JournalEntry, RecordedEvent } from './entry.js';
