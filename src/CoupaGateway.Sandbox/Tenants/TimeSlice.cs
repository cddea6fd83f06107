namespace CoupaGateway.Sandbox.Tenants;

/// <summary>A run of ranks whose records were created no earlier than a time that rises with the rank.</summary>
/// <param name="Start">First rank of the run.</param>
/// <param name="Count">Number of ranks.</param>
/// <param name="Earliest">Earliest creation of the n-th record of the run, in seconds; never falls.</param>
/// <param name="MaxLag">Longest time from there to the record's last change, in seconds.</param>
internal sealed record TimeSlice(long Start, long Count, Func<long, long> Earliest, long MaxLag)
{
    /// <summary>The first place in the run whose earliest time satisfies a condition that stays true from there on.</summary>
    public long First(Func<long, bool> condition)
    {
        long low = 0, high = Count;
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (condition(Earliest(middle)))
                high = middle;
            else
                low = middle + 1;
        }

        return low;
    }
}
