/** Who a token belongs to: `userinfo` in the words of OpenID, the identity URL in Salesforce's own. */
import type { LoopbackAnswer } from '../../loopback/loopback.ts';
import type { Row } from '../schema/model.ts';
import { oauthHeaders, type SignIn } from './oauth.ts';

function userOf({ org }: SignIn): Row {
  return org.table('User').get(org.apiUserId) ?? {};
}

function nameOf({ FirstName, LastName }: Row): string {
  return [FirstName, LastName].filter(Boolean).join(' ');
}

function common({ org, url }: SignIn): object {
  return {
    user_id: org.apiUserId,
    organization_id: org.id,
    photos: {},
    urls: { rest: `${url()}/services/data/v{version}/`, custom_domain: url() },
    active: true,
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    utcOffset: 0,
    is_salesforce_integration_user: true,
  };
}

export function userInfo(signIn: SignIn): LoopbackAnswer {
  const user = userOf(signIn);
  const { org, url } = signIn;
  const json = {
    ...common(signIn),
    sub: `${url()}/id/${org.id}/${org.apiUserId}`,
    preferred_username: user.Username ?? null,
    nickname: user.Alias ?? null,
    name: nameOf(user),
    given_name: user.FirstName ?? null,
    family_name: user.LastName ?? null,
    email: user.Email ?? null,
    email_verified: true,
    zoneinfo: 'UTC',
    profile: `${url()}/${org.apiUserId}`,
    picture: null,
    address: { country: 'US' },
    updated_at: new Date(org.clock.now()).toISOString(),
  };
  return { status: 200, headers: oauthHeaders, json };
}

export function identity(signIn: SignIn): LoopbackAnswer {
  const user = userOf(signIn);
  const { org, url } = signIn;
  const json = {
    ...common(signIn),
    id: `${url()}/id/${org.id}/${org.apiUserId}`,
    asserted_user: true,
    username: user.Username ?? null,
    nick_name: user.Alias ?? null,
    display_name: nameOf(user),
    email: user.Email ?? null,
    email_verified: true,
    first_name: user.FirstName ?? null,
    last_name: user.LastName ?? null,
    timezone: 'UTC',
    last_modified_date: user.LastModifiedDate ?? null,
  };
  return { status: 200, headers: oauthHeaders, json };
}
