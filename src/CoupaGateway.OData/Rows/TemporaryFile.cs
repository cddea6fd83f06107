namespace CoupaGateway.OData.Rows;

/// <summary>A file that is deleted when nobody needs it any more.</summary>
internal sealed class TemporaryFile(string path) : IDisposable
{
    /// <summary>Absolute path.</summary>
    public string Path { get; } = path;

    public void Dispose() => File.Delete(Path);
}
