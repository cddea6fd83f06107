using CoupaGateway.Snapshots;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Commands;

/// <summary>The services of a gateway that is not started, for commands that work beside one that runs or instead of it.</summary>
internal sealed class OfflineGateway : IAsyncDisposable
{
    private readonly string? _scratch;

    private OfflineGateway(WebApplication app, string? scratch) => (App, _scratch) = (app, scratch);

    public WebApplication App { get; }

    /// <summary>The configured data folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether tables are kept by an external cache server.</summary>
    public required bool IsExternal { get; init; }

    /// <summary>
    /// Makes it by the configuration that <c>serve</c> would take.
    /// </summary>
    /// <param name="usesFolder">Whether it uses the data folder, which a gateway that runs has for itself, where the embedded cache is in it; else it has one of its own.</param>
    /// <exception cref="OptionsValidationException">The configuration cannot be used.</exception>
    public static OfflineGateway Create(IEnumerable<string> settings, bool usesFolder)
    {
        string? scratch = null;
        var (folder, isExternal) = ("", false);
        try
        {
            var app = ServeCommand.Build(settings, builder =>
            {
                var cache = builder.Configuration.GetSection(CacheOptions.SectionName);
                folder = cache[nameof(CacheOptions.Folder)] ?? new CacheOptions().Folder;
                isExternal = !string.IsNullOrWhiteSpace(cache[nameof(CacheOptions.Redis)]);
                builder.Logging.ClearProviders(); // what is found is the command's output
                if ((usesFolder && !isExternal) || folder.Length == 0)
                    return;
                scratch = Directory.CreateTempSubdirectory("coupa-gateway-").FullName;
                builder.Configuration.AddInMemoryCollection([KeyValuePair.Create($"{CacheOptions.SectionName}:{nameof(CacheOptions.Folder)}", (string?)scratch)]);
            });
            return new OfflineGateway(app, scratch) { Folder = folder, IsExternal = isExternal };
        }
        catch
        {
            if (scratch is not null)
                Directory.Delete(scratch, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        if (_scratch is not null)
            Directory.Delete(_scratch, recursive: true);
    }
}
