using System.CommandLine;
using CoupaGateway.Configuration;
using CoupaGateway.Connections;
using CoupaGateway.Coupa;
using CoupaGateway.Hosting;
using CoupaGateway.Snapshots.Redis;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Commands;

/// <summary><c>serve</c>: the gateway itself.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Serve the connections of the configuration. This is what happens without a command. Settings may follow, as --Section:Name=value.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(static (result, cancellationToken) => RunAsync(result, cancellationToken));
        return command;
    }

    /// <summary>What was typed beside commands and options: settings. A first word that looks like a command is a mistake that must not start a gateway.</summary>
    public static string? FindMistake(ParseResult result) =>
        result.UnmatchedTokens is [var first, ..] && first[0] is not ('-' or '/') && !first.Contains('=', StringComparison.Ordinal)
            ? $"'{first}' is neither a command nor a setting. --help lists the commands; settings look like --Section:Name=value."
            : null;

    public static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var error = result.InvocationConfiguration.Error;
        if (FindMistake(result) is { } mistake)
        {
            await error.WriteLineAsync(mistake);
            return ExitCodes.Unusable;
        }

        try
        {
            await using var app = Build(result.UnmatchedTokens);
            if (FindFaults(app) is { Length: > 0 } faults)
                return await RefuseAsync(faults, error);

            app.Services.GetRequiredService<ICacheServer>().Claim();
            return await RunAsync(app, error, cancellationToken);
        }
        catch (CacheUnavailableException unusable)
        {
            await error.WriteLineAsync(unusable.Message);
            return ExitCodes.Unreachable;
        }
        catch (Exception failure) when (FaultsOf(failure) is { Length: > 0 } faults)
        {
            return await RefuseAsync(faults, error);
        }
    }

    /// <summary>Serves until it is asked to end, or until a part of it that everything needs has failed: a service manager starts it again then.</summary>
    private static async Task<int> RunAsync(WebApplication app, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (FindFailure(app) is not null)
        {
            // It failed before it listened.
        }

        if (FindFailure(app) is not { } failure)
            return ExitCodes.Ok;

        await error.WriteLineAsync(failure.Message);
        return failure is CacheUnavailableException ? ExitCodes.Unreachable : ExitCodes.Failed;
    }

    private static Exception? FindFailure(WebApplication app) => app.Services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Select(static service => service.ExecuteTask is { IsFaulted: true } failed ? failed.Exception.InnerException : null).FirstOrDefault(static failure => failure is not null);

    /// <summary>Makes the gateway.</summary>
    /// <param name="configure">Changes the configuration before anything reads it.</param>
    /// <exception cref="OptionsValidationException">It cannot be made by its configuration.</exception>
    public static WebApplication Build(IEnumerable<string> settings, Action<WebApplicationBuilder>? configure = null)
    {
        IReadOnlyList<string> faults = [];
        IConfiguration? configuration = null;
        try
        {
            return GatewayApplication.Create([.. settings], builder =>
            {
                configure?.Invoke(builder);
                configuration = builder.Configuration;
                faults = ConfigurationFaults.Find(configuration);
            });
        }
        catch (Exception) when (faults.Count > 0)
        {
            // A value that cannot be read fails wherever it is needed first.
            throw new OptionsValidationException("", typeof(object), [.. faults.Concat(FindConnectionFaults(configuration!)).Distinct()]);
        }
    }

    /// <summary>What is wrong with the connections of a configuration that no gateway can be made by, so that it is told with the rest; nothing where that cannot be said.</summary>
    private static IReadOnlyList<string> FindConnectionFaults(IConfiguration configuration)
    {
        using var services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddLogging()
            .AddCoupaSource()
            .AddConfiguredConnections(configuration)
            .BuildServiceProvider();
        try
        {
            return services.GetRequiredService<ConfiguredConnections>().Read().Faults;
        }
        catch (InvalidOperationException)
        {
            return []; // Outbound is among what cannot be read
        }
    }

    /// <summary>Everything that is wrong with the configuration of a gateway that is not started.</summary>
    public static string[] FindFaults(WebApplication app) =>
        [.. ConfigurationFaults.Find(app.Configuration).Concat(app.Services.GetRequiredService<ConfiguredConnections>().Read().Faults).Distinct()];

    /// <summary>Everything that is wrong with the options, of one section or of several; empty for another failure.</summary>
    public static string[] FaultsOf(Exception error) => error switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several when several.InnerExceptions.All(static inner => inner is OptionsValidationException) => [.. several.InnerExceptions.SelectMany(FaultsOf)],
        _ => [],
    };

    /// <summary>How faults are told.</summary>
    public static IEnumerable<string> Describe(IEnumerable<string> faults) => faults.Select(static fault => $"- {fault}").Prepend("The configuration cannot be used:");

    /// <summary>Tells the faults of a configuration that cannot be used.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RefuseAsync(IEnumerable<string> faults, TextWriter error)
    {
        foreach (var line in Describe(faults))
            await error.WriteLineAsync(line);

        return ExitCodes.Unusable;
    }
}
