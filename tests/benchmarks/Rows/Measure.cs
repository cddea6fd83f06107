using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

internal static class Measure
{
    /// <summary>So long everything runs before it is timed: the runtime compiles what is hot again, and that in the background, on two cores for up to ten seconds.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    /// <summary>Median of <paramref name="runs"/> runs in milliseconds, after <see cref="WarmUp"/>.</summary>
    public static async Task<double> MedianAsync(int runs, Func<Task> action)
    {
        var begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < WarmUp)
            await action();
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await action();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
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
}
