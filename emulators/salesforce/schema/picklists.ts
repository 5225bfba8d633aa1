/** The values a new org comes with. */
export const salutations = ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'];
export const leadSources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'];
export const leadStatuses = [
  'Open - Not Contacted',
  'Working - Contacted',
  'Closed - Converted',
  'Closed - Not Converted',
];
export const ratings = ['Hot', 'Warm', 'Cold'];
export const cleanStatuses = [
  'Matched',
  'Different',
  'Acknowledged',
  'NotFound',
  'Inactive',
  'Pending',
  'SelectMatch',
  'Skipped',
];
export const accountTypes = [
  'Prospect',
  'Customer - Direct',
  'Customer - Channel',
  'Channel Partner / Reseller',
  'Installation Partner',
  'Technology Partner',
  'Other',
];
export const ownerships = ['Public', 'Private', 'Subsidiary', 'Other'];
export const campaignTypes = [
  'Conference',
  'Webinar',
  'Trade Show',
  'Public Relations',
  'Partners',
  'Referral Program',
  'Advertisement',
  'Banner Ads',
  'Direct Mail',
  'Email',
  'Telemarketing',
  'Other',
];
export const campaignStatuses = ['Planned', 'In Progress', 'Completed', 'Aborted'];
export const opportunityTypes = [
  'Existing Customer - Upgrade',
  'Existing Customer - Replacement',
  'Existing Customer - Downgrade',
  'New Customer',
];
export const contactRoles = [
  'Business User',
  'Decision Maker',
  'Economic Buyer',
  'Economic Decision Maker',
  'Evaluator',
  'Executive Sponsor',
  'Influencer',
  'Technical Buyer',
  'Other',
];
export const forecastCategories = ['Omitted', 'Pipeline', 'BestCase', 'MostLikely', 'Forecast', 'Closed'];
export const forecastCategoryNames = ['Omitted', 'Pipeline', 'Best Case', 'Commit', 'Closed'];
export const taskStatuses = [
  'Not Started',
  'In Progress',
  'Completed',
  'Waiting on someone else',
  'Deferred',
];
export const taskSubjects = ['Call', 'Send Letter', 'Send Quote', 'Other'];
export const eventSubjects = ['Call', 'Email', 'Meeting', 'Send Letter/Quote', 'Other'];
export const taskSubtypes = ['Task', 'Email', 'ListEmail', 'Cadence', 'Call', 'LinkedIn'];
export const priorities = ['High', 'Normal', 'Low'];
export const industries = [
  'Agriculture',
  'Apparel',
  'Banking',
  'Biotechnology',
  'Chemicals',
  'Communications',
  'Construction',
  'Consulting',
  'Education',
  'Electronics',
  'Energy',
  'Engineering',
  'Entertainment',
  'Environmental',
  'Finance',
  'Food & Beverage',
  'Government',
  'Healthcare',
  'Hospitality',
  'Insurance',
  'Machinery',
  'Manufacturing',
  'Media',
  'Not For Profit',
  'Recreation',
  'Retail',
  'Shipping',
  'Technology',
  'Telecommunications',
  'Transportation',
  'Utilities',
  'Other',
];
export const currencies = ['USD', 'EUR', 'GBP', 'JPY', 'CHF', 'KWD'];

export interface Stage {
  readonly label: string;
  readonly probability: number;
  readonly forecast: 'Omitted' | 'Pipeline' | 'Closed' | 'Forecast';
  readonly closed: boolean;
  readonly won: boolean;
}

const open = (label: string, probability: number, forecast: Stage['forecast'] = 'Pipeline'): Stage => ({
  label,
  probability,
  forecast,
  closed: false,
  won: false,
});

export const stages: readonly Stage[] = [
  open('Prospecting', 10),
  open('Qualification', 10),
  open('Needs Analysis', 20),
  open('Value Proposition', 50),
  open('Id. Decision Makers', 60),
  open('Perception Analysis', 70),
  open('Proposal/Price Quote', 75),
  open('Negotiation/Review', 90, 'Forecast'),
  { label: 'Closed Won', probability: 100, forecast: 'Closed', closed: true, won: true },
  { label: 'Closed Lost', probability: 0, forecast: 'Omitted', closed: true, won: false },
];
