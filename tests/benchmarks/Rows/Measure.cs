using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

internal static class Measure
{
    /// <summary>So long everything runs before it is timed: the runtime compiles what is hot again, and that in the background, on two cores for up to ten seconds.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Median of <paramref name="runs"/> runs in milliseconds, after <see cref="WarmUp"/>.</summary>
    /// <param name="before">Done before each of them, and not timed.</param>
    public static async Task<double> MedianAsync(int runs, Func<Task> action, Action? before = null)
    {
        await WarmUpAsync(action);
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            before?.Invoke();
            times[i] = await TimeAsync(action);
        }

        Array.Sort(times);
        return times[runs / 2];
    }

    /// <summary>
    /// Medians in milliseconds of several actions that take turns, each after <see cref="WarmUp"/>: where a machine's speed comes and goes with its neighbours, all of them have the same share of both.
    /// </summary>
    /// <param name="actions">What is run, and how often in each of <paramref name="rounds"/>.</param>
    public static async Task<double[]> MediansInTurnAsync(int rounds, params (int Times, Func<Task> Action)[] actions)
    {
        foreach (var (_, action) in actions)
            await WarmUpAsync(action);

        var times = actions.Select(static _ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var number = 0; number < actions.Length; number++)
            {
                // Nobody pays for the garbage of the one before.
                GC.Collect();
                GC.WaitForPendingFinalizers();
                for (var i = 0; i < actions[number].Times; i++)
                    times[number].Add(await TimeAsync(actions[number].Action));
            }
        }

        return [.. times.Select(static all => all.Order().ElementAt(all.Count / 2))];
    }

    /// <summary>Managed bytes that one run allocates, in the mean of <paramref name="runs"/>.</summary>
    public static async Task<long> AllocatedAsync(int runs, Func<Task> action)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < runs; i++)
            await action();
        return (GC.GetTotalAllocatedBytes(precise: true) - before) / runs;
    }

    /// <summary>Reads a whole response into a buffer that is used again and again: the client costs as little as it can.</summary>
    public static async Task<long> DrainAsync(HttpClient client, string url, byte[] buffer, Stream? copy = null)
    {
        using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync();
        long total = 0;
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
        {
            total += read;
            copy?.Write(buffer, 0, read);
        }

        return total;
    }

    private static async Task WarmUpAsync(Func<Task> action)
    {
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < WarmUp)
            await action();
    }

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var start = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
