using System.IO.Compression;
using CoupaGateway.OData.Aggregation;
using CoupaGateway.OData.Anonymity;
using CoupaGateway.OData.Batch;
using CoupaGateway.OData.Decoded;
using CoupaGateway.OData.Deltas;
using CoupaGateway.OData.Downloads;
using CoupaGateway.OData.Feed;
using CoupaGateway.OData.Model;
using CoupaGateway.OData.Points;
using CoupaGateway.OData.Resources;
using CoupaGateway.OData.Rows;
using CoupaGateway.OData.Tables;
using CoupaGateway.Snapshots.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoupaGateway.OData;

/// <summary>Registers the feeds.</summary>
public static class ODataFeedServiceCollectionExtensions
{
    /// <summary>
    /// Adds what <see cref="ODataFeedEndpointRouteBuilderExtensions.MapODataFeeds"/> needs, with options from the sections <c>Feed</c> and <c>Query</c>.
    /// The host adds <see cref="Schema.ISchemaProvider"/>, <see cref="Snapshots.Manifests.ISnapshotCatalog"/> and <see cref="Snapshots.Chunks.IChunkCache"/>.
    /// </summary>
    public static IServiceCollection AddODataFeeds(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<FeedOptions>().Bind(configuration.GetSection(FeedOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddRows();
        services.TryAddSingleton<IdleMemory>();
        services.TryAddSingleton<FeedModelCache>();
        services.TryAddSingleton<ChunkColumns>();
        services.TryAddSingleton<SystemTableReader>();
        services.TryAddSingleton<TableSource>();
        services.TryAddSingleton<IGroupSizes, GroupSizeReader>();
        services.TryAddSingleton<PointCache>();
        services.TryAddSingleton<DecodedChunkCache>();
        services.TryAddSingleton<DecodedPages>();
        services.TryAddSingleton<RowCounter>();
        services.TryAddSingleton<RowFinder>();
        services.TryAddSingleton<CollectionQueryFactory>();
        services.TryAddSingleton<ApplyQueryFactory>();
        services.TryAddSingleton<ApplyResponder>();
        services.TryAddSingleton<CollectionResponder>();
        services.TryAddSingleton<DownloadResponder>();
        services.TryAddSingleton<EntityResponder>();
        services.TryAddSingleton<CountResponder>();
        services.TryAddSingleton<PropertyResponder>();
        services.TryAddSingleton<ResourceResponder>();
        services.TryAddSingleton<FeedTags>();
        services.TryAddSingleton<DeltaQueryFactory>();
        services.TryAddSingleton<DeltaReader>();
        services.TryAddSingleton<DeltaResponder>();
        services.TryAddSingleton<BatchResponder>();
        services.TryAddSingleton<IFeedAccess, OpenFeedAccess>();
        services.TryAddSingleton<FeedEndpoint>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<FeedOptions>>(static (kestrel, feed) => FeedTransport.Configure(kestrel, feed.Value));
        services.AddResponseCompression(static compression =>
        {
            compression.EnableForHttps = true; // Compression says when not
            compression.MimeTypes = [.. ResponseCompressionDefaults.MimeTypes, DownloadFormats.Csv, BatchResponder.Multipart]; // a Parquet file is compressed already
        });

        // The server's request log, and the scope that it opens for all lines of a request, have the path and the query: both hold names, numbers and addresses of people.
        services.AddLogging(static logging => logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None));
        services.Configure<BrotliCompressionProviderOptions>(static brotli => brotli.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(static gzip => gzip.Level = CompressionLevel.Fastest);
        return services;
    }
}
