using System.Security.Cryptography;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Demo;

/// <summary>The key of the demo's pseudonyms: drawn at the first start, and kept beside the data that it belongs to.</summary>
internal static class DemoKey
{
    /// <summary>Makes the key if there is none yet, for the user's eyes only.</summary>
    /// <returns>Path of its file.</returns>
    public static string Ensure(string folder)
    {
        var path = Path.Combine(folder, "pseudonyms.key");
        if (File.Exists(path))
            return path;

        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        using var writer = new StreamWriter(path, options);
        writer.WriteLine(Convert.ToBase64String(RandomNumberGenerator.GetBytes(PseudonymSecrets.LeastKeyBytes)));
        return path;
    }
}
