using System.Net;
using Garnet;
using Garnet.server;
using Garnet.server.Auth.Settings;
using StackExchange.Redis;
using Tsavorite.core;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>A Garnet server of its own, with its defaults but for what keeps it small.</summary>
internal sealed class GarnetTopology : ICacheTopology
{
    private const string Password = "secret-of-the-test";

    private readonly TempFolder _folder = new();
    private readonly int _port = RedisProcess.FreePort();
    private GarnetServer _server;

    public GarnetTopology() => _server = Start();

    public (string Name, string Value)[] Settings => [("Redis", $"127.0.0.1:{_port}"), ("Password", Password)];

    public async Task FailOverAsync(IDatabase db, RedisKey key)
    {
        await using var admin = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_port},password={Password},allowAdmin=true");
        await admin.GetDatabase().ExecuteAsync("SAVE");
        _server.Dispose();
        _server = Start();
    }

    public Task RecoverAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private GarnetServer Start()
    {
        var server = new GarnetServer(new GarnetServerOptions
        {
            EndPoints = [new IPEndPoint(IPAddress.Loopback, _port)],
            AuthSettings = new PasswordAuthenticationSettings(Password),
            DeviceType = DeviceType.RandomAccess,
            LogDir = _folder.Path,
            CheckpointDir = _folder.Path,
            Recover = true,
            EnableStorageTier = true,
            LogMemorySize = "64m",
            PageSize = "16m",
            IndexMemorySize = "1m",
            QuietMode = true,
        });
        server.Start();
        return server;
    }
}
