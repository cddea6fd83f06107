using System.CommandLine;
using CoupaGateway.Access;
using CoupaGateway.Access.Grants;
using CoupaGateway.Access.Keys;
using CoupaGateway.Snapshots.Documents;
using CoupaGateway.Snapshots.Redis;

namespace CoupaGateway.Commands;

/// <summary><c>key create</c>: makes a key in the cache of the configuration, so also when nobody has a key any more.</summary>
internal static class KeyCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "What the key is for: shown in lists and in the audit log." };

    private static readonly Option<GatewayRole> Role = new("--role") { Description = "reader, operator or admin.", DefaultValueFactory = static _ => GatewayRole.Reader };

    private static readonly Option<string[]> Connections = new("--connection") { Description = "Narrow a reader to a connection; may be given several times." };

    private static readonly Option<DateTimeOffset?> Expires = new("--expires") { Description = "When the key ends, such as 2030-12-31T00:00:00Z. Without it: never." };

    private static readonly Option<bool> AllowInQuery = new("--allow-in-query") { Description = "Accept the key as a query parameter too (Power BI's Web API key)." };

    public static Command Create()
    {
        var create = new Command(
            "create",
            "Make a key, without a running gateway: in the cache that the configuration names. It is shown this once. A gateway that runs with the embedded cache has it for itself: ask it (POST /api/v1/keys), or stop it first. Settings may follow, as --Section:Name=value.")
        {
            Name, Role, Connections, Expires, AllowInQuery, CommandOutput.JsonOption,
        };
        create.TreatUnmatchedTokensAsErrors = false;
        create.SetAction(RunAsync);
        return new Command("key", "API keys.") { create };
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var output = new CommandOutput(result);
        var input = new KeyInput
        {
            Name = result.GetValue(Name),
            Role = result.GetValue(Role),
            Grants = result.GetValue(Connections) is { Length: > 0 } connections ? [.. connections.Select(static connection => new ConnectionGrant(connection))] : null,
            ExpiresAt = result.GetValue(Expires),
            AllowInQuery = result.GetValue(AllowInQuery),
        };
        if (ServeCommand.FindMistake(result) is { } mistake)
        {
            await output.ComplainAsync(mistake);
            return ExitCodes.Unusable;
        }

        if (input.Validate(TimeProvider.System.GetUtcNow()) is { Count: > 0 } errors)
        {
            foreach (var (field, messages) in errors)
                await output.ComplainAsync($"{field}: {string.Join(' ', messages)}");
            return ExitCodes.Unusable;
        }

        try
        {
            await using var gateway = OfflineGateway.Create(result.UnmatchedTokens, usesFolder: true);
            if (ServeCommand.FindFaults(gateway.App) is { Length: > 0 } faults)
                return await ServeCommand.RefuseAsync(faults, result.InvocationConfiguration.Error);

            return await MakeAsync(gateway.App.Services, input, output, cancellationToken);
        }
        catch (Exception failure) when (ServeCommand.FaultsOf(failure) is { Length: > 0 } faults)
        {
            return await ServeCommand.RefuseAsync(faults, result.InvocationConfiguration.Error);
        }
        catch (CacheUnavailableException unusable)
        {
            await output.ComplainAsync(unusable.Message);
            return ExitCodes.Unreachable;
        }
        catch (Exception failure) when (CacheFailures.IsTransient(failure))
        {
            await output.ComplainAsync("The cache server was lost meanwhile. Look whether the key is there before you make another.");
            return ExitCodes.Unreachable;
        }
    }

    private static async Task<int> MakeAsync(IServiceProvider services, KeyInput input, CommandOutput output, CancellationToken cancellationToken)
    {
        if ((await services.GetRequiredService<ICacheServer>().InspectAsync(cancellationToken)).FirstOrDefault(static finding => finding.IsError) is { } wrong)
        {
            await output.ComplainAsync($"{wrong.Code}: {wrong.Found} {wrong.Advice}");
            return ExitCodes.Unreachable;
        }

        await services.GetRequiredService<IDocumentFollower>().RefreshAsync(cancellationToken);
        var (key, text) = await services.GetRequiredService<KeyStore>().CreateAsync(input, "the command line", cancellationToken);
        await output.WriteAsync(KeyResource.Of(key, text), [text]);
        return ExitCodes.Ok;
    }
}
