using System.CommandLine;
using CoupaGateway.Configuration;
using CoupaGateway.Connections;
using CoupaGateway.Demo;
using CoupaGateway.Hosting;
using Microsoft.Extensions.Options;

namespace CoupaGateway.Commands;

/// <summary>The command line: <c>serve</c> (the default) and <c>demo</c>.</summary>
internal static class GatewayCommand
{
    /// <summary>Exit code when the configuration cannot be used.</summary>
    private const int WrongConfiguration = 2;

    public static RootCommand Create()
    {
        var serve = new Command("serve", "Serve the connections of the configuration. This is what happens without a command.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        serve.SetAction(static (result, cancellationToken) => ServeAsync([.. result.UnmatchedTokens], cancellationToken));

        var root = new RootCommand("CoupaGateway: Coupa's data as OData V4 feeds.") { serve, CreateDemo() };
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction(static (result, cancellationToken) => ServeAsync([.. result.UnmatchedTokens], cancellationToken));
        return root;
    }

    private static Command CreateDemo()
    {
        var port = new Option<int>("--port")
        {
            Description = "Port on localhost; 0 lets the operating system choose.",
            DefaultValueFactory = static _ => DemoOptions.DefaultPort,
        };
        var scale = new Option<double>("--scale")
        {
            Description = "Size of the made-up tenant: 1 has about 2,000 invoices.",
            DefaultValueFactory = static _ => 1,
        };
        var rate = new Option<double>("--rate")
        {
            Description = "Requests a second that the made-up tenant allows; 0 means no limit.",
            DefaultValueFactory = static _ => 25,
        };
        var data = new Option<string>("--data")
        {
            Description = "Folder that keeps what was loaded.",
            DefaultValueFactory = static _ => DemoOptions.DefaultFolder,
        };
        var sandbox = new Option<Uri?>("--sandbox")
        {
            Description = "Address of a sandbox that runs already, to be read instead of a new one.",
            CustomParser = ParseAddress,
        };
        port.Validators.Add(static result => RequireRange(result, result.GetValueOrDefault<int>(), 0, 65_535));
        scale.Validators.Add(static result => RequireRange(result, result.GetValueOrDefault<double>(), 0.01, 10_000));
        rate.Validators.Add(static result => RequireRange(result, result.GetValueOrDefault<double>(), 0, 1_000));

        var demo = new Command("demo", "Start everything at once: a made-up Coupa tenant, an embedded cache and the feed, open to readers on this machine.")
        {
            port, scale, rate, data, sandbox,
        };
        demo.SetAction((result, cancellationToken) => DemoCommand.RunAsync(
            new DemoOptions
            {
                Port = result.GetValue(port),
                Scale = result.GetValue(scale),
                Rate = result.GetValue(rate),
                Folder = Path.GetFullPath(result.GetValue(data)!),
                Sandbox = result.GetValue(sandbox),
            },
            cancellationToken));
        return demo;
    }

    private static Uri? ParseAddress(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (!Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp || !address.IsLoopback)
        {
            result.AddError("--sandbox must be an http address on this machine, such as http://127.0.0.1:5090.");
        }

        return address;
    }

    private static void RequireRange(System.CommandLine.Parsing.OptionResult result, double value, double from, double to)
    {
        if (!(value >= from && value <= to))
        {
            result.AddError($"{result.Option.Name} must be between {from} and {to}.");
        }
    }

    private static async Task<int> ServeAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = GatewayApplication.Create(arguments);
            string[] faults = [.. ConfigurationFaults.Find(app.Configuration), .. app.Services.GetRequiredService<ConfiguredConnections>().Read().Faults];
            if (faults.Length > 0)
                return await RefuseAsync(faults.Distinct());

            await app.StartAsync(cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception error) when (Faults(error) is { Length: > 0 } faults)
        {
            return await RefuseAsync(faults);
        }
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> faults)
    {
        await Console.Error.WriteLineAsync("The configuration cannot be used:");
        foreach (var fault in faults)
            await Console.Error.WriteLineAsync($"- {fault}");

        return WrongConfiguration;
    }

    /// <summary>Everything that is wrong with the options, of one section or of several; empty for another failure.</summary>
    private static string[] Faults(Exception error) => error switch
    {
        OptionsValidationException invalid => [.. invalid.Failures],
        AggregateException several when several.InnerExceptions.All(static inner => inner is OptionsValidationException) => [.. several.InnerExceptions.SelectMany(Faults)],
        _ => [],
    };
}
