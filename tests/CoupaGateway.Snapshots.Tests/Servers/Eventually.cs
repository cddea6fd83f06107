using System.Diagnostics;

namespace CoupaGateway.Snapshots.Tests.Servers;

/// <summary>Waits for what must come, with a limit that only a broken build reaches.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<Task<bool>> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? text = null) =>
        TrueAsync(condition, () => $"Did not become true: {text}");

    /// <param name="explain">Says what is still not so.</param>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string> explain)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(watch.Elapsed < Limit, watch.Elapsed < Limit ? string.Empty : explain());
            await Task.Delay(50);
        }
    }

    public static Task TrueAsync(Func<bool> condition, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(condition))] string? text = null) =>
        TrueAsync(() => Task.FromResult(condition()), text);
}
