using Microsoft.Extensions.Configuration.KeyPerFile;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Hosting;

/// <summary>Settings in files of their own, as Kubernetes mounts secrets and config maps.</summary>
internal static class SecretsFolderExtensions
{
    /// <summary>The setting that names the folder.</summary>
    private const string Setting = "SecretsFolder";

    /// <summary>
    /// Reads the folder that <c>SecretsFolder</c> names, one file for each setting (<c>Connections__acme__ClientSecret</c>), and again when a file changes.
    /// </summary>
    public static void AddSecretsFolder(this ConfigurationManager configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } folder)
            return;

        folder = Path.GetFullPath(folder);
        if (!Directory.Exists(folder))
            throw new OptionsValidationException(Setting, typeof(string), [$"{Setting}: there is no folder {folder}."]);

        // Mounted files are links that are exchanged as a whole: watchers of the operating system miss that, a look every few seconds does not.
        var files = new PhysicalFileProvider(folder) { UsePollingFileWatcher = true, UseActivePolling = true };
        configuration.Sources.Add(new KeyPerFileConfigurationSource { FileProvider = files, ReloadOnChange = true, Optional = false });
    }
}
