using System.CommandLine;
using CoupaGateway.Connections;
using CoupaGateway.Connections.Testing;
using CoupaGateway.Rest;
using CoupaGateway.Snapshots.Redis;
using CoupaGateway.Snapshots.Redis.Inspection;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Commands;

/// <summary><c>check</c>: configuration, data folder, cache server and connections, without serving.</summary>
internal static class CheckCommand
{
    private static readonly Option<bool> Offline = new("--offline") { Description = "Do not ask Coupa: leave the tests of the connections out." };

    public static Command Create()
    {
        var command = new Command(
            "check",
            "Check the configuration, the data folder, the cache server and the connections of the configuration, without serving. Exit code 2 when the configuration cannot be used, 1 when something else is wrong. Settings may follow, as --Section:Name=value.")
        {
            Offline, CommandOutput.JsonOption,
        };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var output = new CommandOutput(result);
        if (ServeCommand.FindMistake(result) is { } mistake)
        {
            await output.ComplainAsync(mistake);
            return ExitCodes.Unusable;
        }

        try
        {
            await using var gateway = OfflineGateway.Create(result.UnmatchedTokens, usesFolder: false);
            if (ServeCommand.FindFaults(gateway.App) is { Length: > 0 } faults)
                return await TellFaultsAsync(faults, output);

            gateway.App.Services.GetService<IStartupValidator>()?.Validate();
            var report = new CheckReport(
                [], FindFolderProblem(gateway.Folder), await InspectAsync(gateway, cancellationToken), result.GetValue(Offline) ? [] : await TestAsync(gateway.App.Services, cancellationToken));
            await output.WriteAsync(report, report.Describe());
            return report.Ok ? ExitCodes.Ok : ExitCodes.Failed;
        }
        catch (Exception failure) when (ServeCommand.FaultsOf(failure) is { Length: > 0 } faults)
        {
            return await TellFaultsAsync(faults, output);
        }
        catch (CacheUnavailableException unusable)
        {
            await output.ComplainAsync(unusable.Message);
            return ExitCodes.Unreachable;
        }
    }

    private static async Task<int> TellFaultsAsync(string[] faults, CommandOutput output)
    {
        var report = new CheckReport(faults, null, [], []);
        await output.WriteAsync(report, report.Describe());
        return ExitCodes.Unusable;
    }

    /// <summary>The embedded cache is not started: a gateway that runs may have it, and its data folder says enough.</summary>
    private static async Task<IReadOnlyList<CacheFinding>> InspectAsync(OfflineGateway gateway, CancellationToken cancellationToken)
    {
        if (!gateway.IsExternal)
            return [];

        return await gateway.App.Services.GetRequiredService<ICacheServer>().InspectAsync(cancellationToken);
    }

    private static string? FindFolderProblem(string folder)
    {
        var probe = Path.Combine(folder, $"check-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"The data folder {Path.GetFullPath(folder)} cannot be written. Set Cache:Folder to a folder that this user can write.";
        }
    }

    private static async Task<IReadOnlyList<CheckedConnection>> TestAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var tests = services.GetRequiredService<ConnectionTests>();
        List<CheckedConnection> reports = [];
        foreach (var entry in services.GetRequiredService<ConfiguredConnections>().Read().Connections)
        {
            var report = await tests.ReportAsync(tests.Of(entry.Definition!), save: false, cancellationToken);
            reports.Add(new CheckedConnection(entry.Name, report.State, [.. report.Steps.Where(static step => step.State is not (ConnectionTestState.Ok or ConnectionTestState.Skipped))]));
        }

        return reports;
    }
}
