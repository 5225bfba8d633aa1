import { toId18 } from '../../ids.ts';
import {
  audit,
  checkbox,
  createOnly,
  date,
  double,
  email,
  idField,
  int,
  longText,
  object,
  phone,
  picklist,
  readOnly,
  readOnlyObject,
  reference,
  required,
  systemModstamp,
  text,
} from '../fields.ts';
import { personName } from '../person.ts';
import { currencies } from '../picklists.ts';

const undying = { deletable: false, undeletable: false, replicateable: true };

/** All users of this org have one profile. */
export const profileId = toId18('00e5g0000000001') ?? '';

export const profile = object(
  'Profile',
  '00e',
  [
    idField('Profile ID'),
    text('Name', 'Name', 255, { ...readOnly, nameField: true }),
    picklist('UserType', 'User Type', ['Standard'], { ...readOnly, defaultValue: 'Standard' }),
    text('Description', 'Description', 255, readOnly),
    ...audit,
  ],
  { ...readOnlyObject, replicateable: false },
);

export const userRole = object(
  'UserRole',
  '00E',
  [
    idField('Role ID'),
    text('Name', 'Name', 80, { ...required, nameField: true }),
    reference('ParentRoleId', 'Parent Role ID', 'UserRole'),
    text('DeveloperName', 'Developer Name', 80),
    systemModstamp,
  ],
  { undeletable: false, replicateable: false },
);

export const user = object(
  'User',
  '005',
  [
    idField('User ID'),
    text('Username', 'Username', 80, { ...required, idLookup: true, unique: true }),
    ...personName,
    text('CompanyName', 'Company Name', 80),
    text('Division', 'Division', 80),
    text('Department', 'Department', 80),
    text('Title', 'Title', 80),
    email('Email', 'Email', required),
    text('Alias', 'Alias', 8, required),
    phone('Phone', 'Phone'),
    phone('MobilePhone', 'Mobile'),
    checkbox('IsActive', 'Active', { defaultValue: true }),
    text('TimeZoneSidKey', 'Time Zone', 40, { ...required, defaulted: true, defaultValue: 'UTC' }),
    text('LocaleSidKey', 'Locale', 40, { ...required, defaulted: true, defaultValue: 'en_US' }),
    text('EmailEncodingKey', 'Email Encoding', 40, { ...required, defaulted: true, defaultValue: 'UTF-8' }),
    text('LanguageLocaleKey', 'Language', 40, { ...required, defaulted: true, defaultValue: 'en_US' }),
    picklist('UserType', 'User Type', ['Standard', 'AutomatedProcess'], {
      ...readOnly,
      defaultValue: 'Standard',
    }),
    reference('ProfileId', 'Profile ID', 'Profile', 'Users', {
      ...required,
      ...readOnly,
      derive: () => profileId,
    }),
    reference('UserRoleId', 'Role ID', 'UserRole', 'Users'),
    reference('ManagerId', 'Manager ID', 'User'),
    text('FederationIdentifier', 'SAML Federation ID', 512),
    ...audit,
  ],
  undying,
);

export const organization = object(
  'Organization',
  '00D',
  [
    idField('Organization ID'),
    text('Name', 'Name', 80, { ...readOnly, nameField: true }),
    text('Country', 'Country', 80, readOnly),
    text('PrimaryContact', 'Primary Contact', 80, readOnly),
    text('DefaultLocaleSidKey', 'Locale', 40, readOnly),
    text('LanguageLocaleKey', 'Language', 40, readOnly),
    picklist('DefaultCurrencyIsoCode', 'Default Currency ISO Code', currencies, readOnly),
    text('OrganizationType', 'Edition', 40, readOnly),
    text('InstanceName', 'Instance Name', 5, readOnly),
    checkbox('IsSandbox', 'Is Sandbox', readOnly),
    int('FiscalYearStartMonth', 'Fiscal Year Starts In', readOnly),
    ...audit,
  ],
  readOnlyObject,
);

export const permissionSet = object(
  'PermissionSet',
  '0PS',
  [
    idField('PermissionSet ID'),
    text('Name', 'Permission Set Name', 80, { ...required, nameField: true, idLookup: true }),
    text('Label', 'Permission Set Label', 80, required),
    longText('Description', 'Description', 255),
    checkbox('IsOwnedByProfile', 'Is Owned By Profile', readOnly),
    checkbox('IsCustom', 'Custom', { ...readOnly, defaultValue: true }),
    text('NamespacePrefix', 'Namespace Prefix', 15, readOnly),
    ...audit,
  ],
  { undeletable: false },
);

const grant = { ...required, ...createOnly };
const belongs = { ...grant, cascadeDelete: true };

export const fieldPermissions = object(
  'FieldPermissions',
  '01k',
  [
    idField('Field Permissions Id'),
    reference('ParentId', 'Parent ID', 'PermissionSet', 'FieldPerms', belongs),
    picklist('SobjectType', 'Sobject Type', [], { ...grant, length: 40 }),
    picklist('Field', 'Field Name', [], { ...grant, length: 255 }),
    checkbox('PermissionsEdit', 'Edit Field'),
    checkbox('PermissionsRead', 'Read Field'),
    systemModstamp,
  ],
  { labelPlural: 'Field Permissions', undeletable: false, replicateable: false },
);

export const objectPermissions = object(
  'ObjectPermissions',
  '110',
  [
    idField('Object Permissions Id'),
    reference('ParentId', 'Parent ID', 'PermissionSet', 'ObjectPerms', belongs),
    picklist('SobjectType', 'Sobject Type', [], { ...grant, length: 40 }),
    checkbox('PermissionsCreate', 'Create Records'),
    checkbox('PermissionsRead', 'Read Records'),
    checkbox('PermissionsEdit', 'Edit Records'),
    checkbox('PermissionsDelete', 'Delete Records'),
    checkbox('PermissionsViewAllRecords', 'Read All Records'),
    checkbox('PermissionsModifyAllRecords', 'Edit All Records'),
    ...audit,
  ],
  { labelPlural: 'Object Permissions', undeletable: false, replicateable: false },
);

export const permissionSetAssignment = object(
  'PermissionSetAssignment',
  '0Pa',
  [
    idField('Permission Set Assignment ID'),
    reference('PermissionSetId', 'Permission Set ID', 'PermissionSet', 'Assignments', belongs),
    reference('AssigneeId', 'Assignee ID', 'User', 'PermissionSetAssignments', grant),
    systemModstamp,
  ],
  { updateable: false, undeletable: false, replicateable: false },
);

/** Only orgs with several currencies have these two. */
export const currencyType = object(
  'CurrencyType',
  '01L',
  [
    idField('Currency Type ID'),
    picklist('IsoCode', 'Currency ISO Code', currencies, { ...grant, length: 3 }),
    double('ConversionRate', 'Conversion Rate', 18, 6, required),
    int('DecimalPlaces', 'Decimal Places', required),
    checkbox('IsActive', 'Active', { defaultValue: true }),
    checkbox('IsCorporate', 'Is Corporate Currency', readOnly),
    ...audit,
  ],
  undying,
);

export const datedConversionRate = object(
  'DatedConversionRate',
  '04w',
  [
    idField('Dated Conversion Rate ID'),
    picklist('IsoCode', 'Currency ISO Code', currencies, { ...grant, length: 3 }),
    date('StartDate', 'Start Date', grant),
    date('NextStartDate', 'Next Start Date', readOnly),
    double('ConversionRate', 'Conversion Rate', 18, 6, required),
    ...audit,
  ],
  { undeletable: false },
);

export const leadStatus = object(
  'LeadStatus',
  '01J',
  [
    idField('Lead Status Value ID'),
    text('MasterLabel', 'Master Label', 255, readOnly),
    text('ApiName', 'API Name', 255, readOnly),
    int('SortOrder', 'Sort Order', readOnly),
    checkbox('IsDefault', 'Is Default', readOnly),
    checkbox('IsConverted', 'Converted', readOnly),
    ...audit,
  ],
  { ...readOnlyObject, replicateable: false },
);
