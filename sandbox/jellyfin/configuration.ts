import type { Traits } from './versions.js';

/** The server's configuration as a fresh server of this version has it. */
export function defaultConfiguration(traits: Traits): Record<string, unknown> {
  return {
    EnableMetrics: false,
    EnableNormalizedItemByNameIds: true,
    IsPortAuthorized: true,
    QuickConnectAvailable: true,
    EnableCaseSensitiveItemIds: true,
    DisableLiveTvChannelUserDataName: true,
    MetadataPath: '',
    PreferredMetadataLanguage: 'en',
    MetadataCountryCode: 'US',
    SortReplaceCharacters: ['.', '+', '%'],
    SortRemoveCharacters: [',', '&', '-', '{', '}', "'"],
    SortRemoveWords: ['the', 'a', 'an'],
    MinResumePct: 5,
    MaxResumePct: 90,
    MinResumeDurationSeconds: 300,
    MinAudiobookResume: 5,
    MaxAudiobookResume: 5,
    InactiveSessionThreshold: 0,
    LibraryMonitorDelay: 60,
    LibraryUpdateDuration: 30,
    ImageSavingConvention: 'Legacy',
    MetadataOptions: itemTypes.map(metadataOptions),
    SkipDeserializationForBasicTypes: true,
    ServerName: '',
    UICulture: 'en-US',
    SaveMetadataHidden: false,
    ContentTypes: [],
    RemoteClientBitrateLimit: 0,
    EnableFolderView: false,
    DisplaySpecialsWithinSeasons: true,
    CodecsUsed: [],
    PluginRepositories: [
      { Name: 'Jellyfin Stable', Url: 'https://repo.jellyfin.org/files/plugin/manifest.json', Enabled: true },
    ],
    EnableExternalContentInSuggestions: true,
    ImageExtractionTimeoutMs: 0,
    PathSubstitutions: [],
    EnableSlowResponseWarning: true,
    SlowResponseThresholdMs: 500,
    CorsHosts: ['*'],
    ActivityLogRetentionDays: 30,
    LibraryScanFanoutConcurrency: 0,
    LibraryMetadataRefreshConcurrency: 0,
    AllowClientLogUpload: true,
    DummyChapterDuration: 0,
    ChapterImageResolution: 'MatchSource',
    ParallelImageEncodingLimit: 0,
    CastReceiverApplications: [
      { Id: 'F007D354', Name: 'Stable' },
      { Id: '6F511C87', Name: 'Unstable' },
    ],
    TrickplayOptions: {
      EnableHwAcceleration: false,
      EnableHwEncoding: false,
      EnableKeyFrameOnlyExtraction: false,
      ScanBehavior: 'NonBlocking',
      ProcessPriority: 'BelowNormal',
      Interval: 10000,
      WidthResolutions: [320],
      TileWidth: 10,
      TileHeight: 10,
      Qscale: 4,
      JpegQuality: 90,
      ProcessThreads: 1,
    },
    LogFileRetentionDays: 3,
    IsStartupWizardCompleted: false,
    ...(traits.is1010
      ? { EnableGroupingIntoCollections: false, RemoveOldPlugins: true }
      : {
          CacheSize: 200,
          EnableGroupingMoviesIntoCollections: false,
          EnableGroupingShowsIntoCollections: false,
          EnableLegacyAuthorization: traits.oldAuthorization,
        }),
  };
}

const itemTypes = ['Book', 'Movie', 'MusicVideo', 'Series', 'MusicAlbum', 'MusicArtist', 'BoxSet', 'Season', 'Episode'];

function metadataOptions(itemType: string): object {
  const isVideo = itemType === 'MusicVideo';
  const isMusic = itemType === 'MusicAlbum' || itemType === 'MusicArtist';
  return {
    ItemType: itemType,
    DisabledMetadataSavers: [],
    LocalMetadataReaderOrder: [],
    DisabledMetadataFetchers: isVideo ? ['The Open Movie Database'] : isMusic ? ['TheAudioDB'] : [],
    MetadataFetcherOrder: [],
    DisabledImageFetchers: isVideo ? ['The Open Movie Database'] : [],
    ImageFetcherOrder: [],
  };
}
