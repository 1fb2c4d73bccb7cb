export { CalendarWriter } from './calendar-writer.js';
export type { CalendarKind, SeriesTask } from './task-component.js';
