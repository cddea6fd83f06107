using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace CoupaGateway.EndToEnd.Tests.Containers;

/// <summary>The image of one platform in a published archive.</summary>
internal sealed class PublishedImage
{
    private readonly IReadOnlyDictionary<string, byte[]> _blobs;

    private PublishedImage(IReadOnlyDictionary<string, byte[]> blobs, JsonElement platform, JsonElement manifest)
    {
        _blobs = blobs;
        Architecture = platform.GetProperty("architecture").GetString()!;
        Layers = [.. manifest.GetProperty("layers").EnumerateArray().Select(static layer => layer.GetProperty("digest").GetString()!)];
        Config = Parse(blobs, manifest.GetProperty("config")).GetProperty("config");
    }

    public string Architecture { get; }

    /// <summary>How it is run.</summary>
    public JsonElement Config { get; }

    /// <summary>Digests of the layers, that of the application last.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <summary>Bytes as a registry keeps them and a node fetches them.</summary>
    public long PackedBytes => Layers.Sum(LayerBytes);

    public long LayerBytes(string digest) => _blobs[digest].Length;

    public static async Task<IReadOnlyList<PublishedImage>> ReadAsync(string archive, CancellationToken cancellationToken)
    {
        var blobs = new Dictionary<string, byte[]>();
        JsonElement index = default;
        await using var file = File.OpenRead(archive);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            if (entry.DataStream is null)
                continue;
            using var content = new MemoryStream();
            await entry.DataStream.CopyToAsync(content, cancellationToken);
            if (entry.Name == "index.json")
                index = JsonDocument.Parse(content.ToArray()).RootElement;
            else if (entry.Name.StartsWith("blobs/sha256/", StringComparison.Ordinal))
                blobs[$"sha256:{Path.GetFileName(entry.Name)}"] = content.ToArray();
        }

        // The archive's index names the image's index, or the images themselves.
        var images = index.GetProperty("manifests").EnumerateArray().ToArray();
        if (images is [var only] && Parse(blobs, only).TryGetProperty("manifests", out var manifests))
            images = [.. manifests.EnumerateArray()];
        return [.. images.Select(image => new PublishedImage(blobs, image.GetProperty("platform"), Parse(blobs, image)))];
    }

    /// <summary>The files of a layer; an entry's content can be read while it is the current one.</summary>
    public async IAsyncEnumerable<TarEntry> ReadLayerAsync(string digest, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var gzip = new GZipStream(new MemoryStream(_blobs[digest]), CompressionMode.Decompress);
        await using var tar = new TarReader(gzip);
        while (await tar.GetNextEntryAsync(copyData: true, cancellationToken) is { } entry)
            yield return entry;
    }

    /// <summary>Puts the layers over each other in a folder, as a container's root file system.</summary>
    public async Task UnpackAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var layer in Layers)
        {
            await using var gzip = new GZipStream(new MemoryStream(_blobs[layer]), CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(gzip, folder, overwriteFiles: true, cancellationToken);
        }
    }

    private static JsonElement Parse(IReadOnlyDictionary<string, byte[]> blobs, JsonElement descriptor) => JsonDocument.Parse(blobs[descriptor.GetProperty("digest").GetString()!]).RootElement;
}
