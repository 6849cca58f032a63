# --- Tuning: which way of running makes the rarest outcomes come oftenest?
#
# Several independent choices (how often to meet, who is delayed, who builds the states ...), each a small bandit: usually the arm with the best
# recent score, sometimes another. The score of a batch is what it showed of outcomes, each weighed by how rare it has been so far, per
# second. Until a second outcome is seen at all, the score is the overlap (under a GIL, where there is none to speak of: the samples).


class Random(object):
    """A small seedable generator (xorshift32): the runtime's own may be missing, and this one repeats everywhere."""

    def __init__(self, seed):
        self.state = (seed * 2654435761 + 12345) & 0xffffffff or 1
        for _ in range(4):
            self.next()

    def next(self):
        state = self.state
        state ^= (state << 13) & 0xffffffff
        state ^= state >> 17
        state ^= (state << 5) & 0xffffffff
        self.state = state
        return state

    def below(self, limit):
        return self.next() % limit

    def shuffled(self, count):
        order = list(range(count))
        for index in range(count - 1, 0, -1):
            other = self.below(index + 1)
            order[index], order[other] = order[other], order[index]
        return order


class Choice(object):
    def __init__(self, name, arms):
        self.name = name
        self.arms = arms
        self.scores = [None] * len(arms)
        self.current = 0

    def pick(self, random):
        untried = [index for index, score in enumerate(self.scores) if score is None]
        if untried:
            self.current = untried[random.below(len(untried))]
        elif random.below(100) < 15:
            self.current = random.below(len(self.arms))
        else:
            best = max(self.scores)
            self.current = self.scores.index(best)
        return self.arms[self.current]

    def learn(self, score):
        old = self.scores[self.current]
        self.scores[self.current] = score if old is None else 0.7 * old + 0.3 * score


class Tuner(object):
    def __init__(self, choices, random):
        self.choices = [Choice(name, arms) for name, arms in choices]
        self.random = random
        self.several = False

    def pick(self):
        return dict([(choice.name, choice.pick(self.random)) for choice in self.choices])

    def learn(self, news, totals, overlapped, seconds):
        """`news`: [(outcome, count)] of the batch, already contained in `totals`: outcome -> entry with the count first."""
        seconds = max(seconds, 1e-6)
        if len(totals) > 1:
            if not self.several:  # another scale begins: forget the scores of the old one
                self.several = True
                for choice in self.choices:
                    choice.scores = [None] * len(choice.arms)
            score = 0.0
            for text, count in news:
                before = totals[text][0] - count
                score += count / (before + count + 10.0)
            score /= seconds
        else:
            score = overlapped / seconds
        for choice in self.choices:
            choice.learn(score)

    def best(self):
        found = {}
        for choice in self.choices:
            tried = [(score, index) for index, score in enumerate(choice.scores) if score is not None]
            if tried:
                found[choice.name] = choice.arms[max(tried)[1]]
        return found
