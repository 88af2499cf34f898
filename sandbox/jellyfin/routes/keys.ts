import { json, noContent } from '../http/answers.js';
import { route } from '../http/router.js';
import { noUserId, toApiDate, toApiId } from '../store/formats.js';
import { defaultAuthenticationProvider, defaultPasswordResetProvider } from '../store/server-user.js';

export const keyRoutes = [
  route('GET', '/Auth/Keys', 'administrator', ({ world }) => {
    const keys = world.keys.all();
    const items = keys.map((key) => ({
      Id: 0,
      AccessToken: key.token,
      DeviceId: '',
      AppName: key.name,
      AppVersion: '',
      DeviceName: '',
      UserId: toApiId(noUserId),
      IsActive: false,
      DateCreated: toApiDate(key.created),
      DateLastActivity: '0001-01-01T00:00:00.0000000Z',
    }));
    return json({ Items: items, TotalRecordCount: keys.length, StartIndex: 0 });
  }),
  route('POST', '/Auth/Keys', 'administrator', ({ world, query }) => {
    world.keys.add(query.get('app') ?? '', world.now());
    return noContent;
  }),
  route('DELETE', '/Auth/Keys/:key', 'administrator', ({ world, params }) => {
    world.keys.delete(params.key ?? '');
    return noContent;
  }),
  route('GET', '/Auth/Providers', 'administrator', ({ world }) =>
    json([{ Name: 'Default', Id: defaultAuthenticationProvider }, ...world.settings.plugins]),
  ),
  route('GET', '/Auth/PasswordResetProviders', 'administrator', () =>
    json([{ Name: 'Default Password Reset Provider', Id: defaultPasswordResetProvider }]),
  ),
];
