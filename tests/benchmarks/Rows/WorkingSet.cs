using System.Diagnostics;

namespace CoupaGateway.Benchmarks.Rows;

/// <summary>Memory of this process, server and client together.</summary>
internal static class WorkingSet
{
    public static long Bytes
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }
}
