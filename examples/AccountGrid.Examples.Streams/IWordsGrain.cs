/// <summary>Counts the words of its partition.</summary>
public interface IWordsGrain : IGrainWithIntegerKey
{
    /// <summary>Answers once everything before a position is counted.</summary>
    Task<long> CountUpTo(long position);
}
