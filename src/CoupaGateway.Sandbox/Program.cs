using System.ComponentModel.DataAnnotations;
using CoupaGateway.Sandbox;

try
{
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        stop.Cancel();
    };
    await using var server = await SandboxServer.StartAsync(CommandLine.Parse(args));
    Console.WriteLine($"Sandbox tenant on {server.BaseAddress} (client {server.ClientId}, secret {server.ClientSecret})");
    await server.WaitForShutdownAsync(stop.Token);
    return 0;
}
catch (OperationCanceledException)
{
    return 0;
}
catch (Exception e) when (e is FormatException or ValidationException or IOException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
