using System.CommandLine;
using System.CommandLine.Help;
using CoupaGateway.Demo;

namespace CoupaGateway.Commands;

/// <summary>The command line. Without a command it is <c>serve</c>; docs/cli.md tells of all.</summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        // A RootCommand would call itself by the name of the assembly.
        var root = new Command("coupa-gateway", "CoupaGateway: Coupa's data as OData V4 feeds.")
        {
            new HelpOption(), new VersionOption(), ServeCommand.Create(), CreateDemo(), CheckCommand.Create(), SyncCommand.Create(), StatusCommand.Create(), TestConnectionCommand.Create(), MetadataCommand.Create(), KeyCommand.Create(),
        };
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction(ServeCommand.RunAsync);
        return root;
    }

    /// <summary>Runs what was typed; a command line that cannot be understood ends as a configuration that cannot be used.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, InvocationConfiguration configuration)
    {
        var result = Create().Parse(arguments);
        if (result is { Errors.Count: 0, CommandResult.Command.TreatUnmatchedTokensAsErrors: true, UnmatchedTokens: [var unknown, ..] })
        {
            // The root takes settings, and the parser then lets its commands take anything.
            await configuration.Error.WriteLineAsync($"'{unknown}' is not understood. --help tells what is.");
            return ExitCodes.Unusable;
        }

        var code = await result.InvokeAsync(configuration);
        return result.Errors.Count > 0 ? ExitCodes.Unusable : code;
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
}
