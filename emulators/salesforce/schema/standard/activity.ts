import {
  audit,
  checkbox,
  date,
  datetime,
  field,
  idField,
  int,
  isDeleted,
  longText,
  object,
  owner,
  picklist,
  readOnly,
  reference,
  required,
  text,
} from '../fields.ts';
import type { FieldDef } from '../model.ts';
import { eventSubjects, priorities, taskStatuses, taskSubjects, taskSubtypes } from '../picklists.ts';

const subject = (values: readonly string[]) =>
  field('Subject', 'Subject', 'combobox', { length: 255, picklist: values, nameField: true });

/** `WhoId` is a person, `WhatId` a thing; the parents' names for both differ by kind of activity. */
const related = (children: string): FieldDef[] => [
  reference('WhoId', 'Name ID', ['Contact', 'Lead'], children, { cascadeDelete: true }),
  reference('WhatId', 'Related To ID', ['Account', 'Campaign', 'Opportunity'], children, {
    cascadeDelete: true,
  }),
];

export const task = object('Task', '00T', [
  idField('Activity ID'),
  ...related('Tasks'),
  subject(taskSubjects),
  date('ActivityDate', 'Due Date Only'),
  picklist('Status', 'Status', taskStatuses, { ...required, defaulted: true, defaultValue: 'Not Started' }),
  picklist('Priority', 'Priority', priorities, { ...required, defaulted: true, defaultValue: 'Normal' }),
  checkbox('IsHighPriority', 'High Priority', readOnly),
  owner(['Group', 'User']),
  longText('Description', 'Description'),
  isDeleted,
  reference('AccountId', 'Account ID', 'Account', null, readOnly),
  checkbox('IsClosed', 'Closed', readOnly),
  ...audit,
  checkbox('IsArchived', 'Archived', readOnly),
  int('CallDurationInSeconds', 'Call Duration'),
  picklist('CallType', 'Call Type', ['Internal', 'Inbound', 'Outbound']),
  text('CallDisposition', 'Call Result', 255),
  picklist('TaskSubtype', 'Task Subtype', taskSubtypes, { defaulted: true, defaultValue: 'Task' }),
  datetime('CompletedDateTime', 'Completed Date', readOnly),
]);

export const event = object('Event', '00U', [
  idField('Activity ID'),
  ...related('Events'),
  subject(eventSubjects),
  text('Location', 'Location', 255),
  checkbox('IsAllDayEvent', 'All-Day Event'),
  datetime('ActivityDateTime', 'Due Date Time'),
  date('ActivityDate', 'Due Date Only'),
  int('DurationInMinutes', 'Duration'),
  datetime('StartDateTime', 'Start Date Time'),
  datetime('EndDateTime', 'End Date Time'),
  longText('Description', 'Description'),
  reference('AccountId', 'Account ID', 'Account', null, readOnly),
  owner(),
  checkbox('IsPrivate', 'Private'),
  picklist('ShowAs', 'Show Time As', ['Busy', 'OutOfOffice', 'Free'], { defaultValue: 'Busy' }),
  isDeleted,
  ...audit,
  checkbox('IsArchived', 'Archived', readOnly),
  picklist('EventSubtype', 'Event Subtype', ['Event'], { defaulted: true, defaultValue: 'Event' }),
]);

export const topic = object('Topic', '0TO', [
  idField('Topic ID'),
  text('Name', 'Name', 99, { ...required, nameField: true }),
  longText('Description', 'Description'),
  ...audit,
]);

export const topicAssignment = object('TopicAssignment', '0FT', [
  idField('Topic Assignment ID'),
  reference('TopicId', 'Topic ID', 'Topic', 'TopicAssignments', { ...required, cascadeDelete: true }),
  reference('EntityId', 'Entity ID', ['Account', 'Campaign', 'Contact', 'Lead', 'Opportunity'], null, {
    ...required,
    cascadeDelete: true,
  }),
  ...audit,
]);
